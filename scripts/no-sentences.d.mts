import type { Rule } from 'eslint';

export declare const noSentences: Rule.RuleModule;

// An ESLint rule: what people read stands in packages/messages, in every language, and nowhere else.

/** Words by which English sentences are known; class names and identifiers have none of them by themselves. */
const functionWords =
  'a|an|and|are|as|at|be|but|by|can|cannot|does|for|from|has|have|here|if|in|is|it|its|no|not|of|on|or|that|the|their|there|this|to|was|were|while|with|you|your';
const functionWord = new RegExp(`(?:^|\\s)(?:${functionWords})(?=$|[\\s.,:;!?…])`, 'i');
const threeWords = /(?:^|[\s(“"])[\p{L}’'-]+(?: [\p{L}’'-]+){2,}/u;
const chinese = /\p{Script=Han}/u;
const word = /\p{L}{2,}/u;

/** @param {string} text */
const isSentence = (text) =>
  chinese.test(text) || (threeWords.test(text) && functionWord.test(text));

/** Attributes that people read, or hear. */
const spokenAttributes = new Set([
  ...['title', 'label', 'placeholder', 'alt', 'text', 'dismissLabel', 'unit'],
  ...['aria-label', 'aria-valuetext', 'aria-description', 'aria-roledescription'],
]);

const logMethods = new Set(['trace', 'debug', 'info', 'warn', 'error']);

/** What is for developers: a log entry, or a bug. @param {any} node */
function isForDevelopers(node) {
  for (let at = node.parent; at; at = at.parent) {
    if (at.type === 'NewExpression' && /Error$/.test(at.callee.name ?? '')) return true;
    if (at.type === 'CallExpression') {
      const method = at.callee.property?.name;
      if (logMethods.has(method) && /logger$/i.test(nameOf(at.callee.object))) return true;
    }
    if (/Statement$|Declaration$/.test(at.type)) return false;
  }
  return false;
}

/** @param {any} node */
const nameOf = (node) => node.name ?? node.property?.name ?? '';

/** @type {import('eslint').Rule.RuleModule} */
export const noSentences = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      sentence: 'What people read belongs in packages/messages, in every language: "{{text}}"',
    },
  },
  create(context) {
    /** @param {any} node @param {string} text */
    const report = (node, text) =>
      context.report({
        node,
        messageId: 'sentence',
        data: { text: text.trim().slice(0, 60) },
      });
    /** @param {any} node @param {string} text */
    const check = (node, text) => {
      if (isSentence(text) && !isForDevelopers(node)) report(node, text);
    };
    return {
      JSXText(node) {
        if (word.test(node.value)) report(node, node.value);
      },
      JSXAttribute(node) {
        const text = node.value?.type === 'Literal' ? String(node.value.value) : '';
        if (spokenAttributes.has(nameOf(node.name)) && word.test(text)) report(node, text);
      },
      Literal(node) {
        if (typeof node.value === 'string' && node.parent.type !== 'JSXAttribute') {
          check(node, node.value);
        }
      },
      TemplateLiteral(node) {
        check(node, node.quasis.map(({ value }) => value.cooked ?? '').join('x'));
      },
    };
  },
};

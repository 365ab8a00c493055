/* global document */
// The page's sentences, which the server writes into it in the browser's language.

/** By key, with `{{value}}` in them. */
export const words = JSON.parse(document.getElementById('words').textContent);

const language = document.documentElement.lang;
const plural = new Intl.PluralRules(language);
// Always one digit after the point, so that the figure keeps its width.
const tenths = new Intl.NumberFormat(language, {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

export const fill = (text, values) => text.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name]);

export const counted = (key, count) =>
  fill(words[`${key}_${plural.select(count)}`] ?? words[`${key}_other`], { count });

const dates = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
export const inFull = (date) => dates.format(date);

export const inTenths = (number) => tenths.format(number);

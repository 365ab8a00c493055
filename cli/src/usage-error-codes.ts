/** The code of the error for an option that takes one value and was given two. */
export const givenTwice = 'tallylight.givenTwice';
/** The code of the error for an option of a command that one of its own commands does not use. */
export const notUsedHere = 'tallylight.notUsedHere';

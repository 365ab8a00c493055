/** The code of the error for an option that takes one value and was given two. */
export const givenTwice = 'tallylight.givenTwice';

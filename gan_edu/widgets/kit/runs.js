/* How what is compared, runs or curves, differs beside its colour: each has a letter and a dash. */

export const LETTERS = "ABCDE";
export const DASHES = /** @type {const} */ ([null, "7 3", "2 3", "9 3 2 3", "1 4"]);

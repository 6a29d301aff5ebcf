/**
 * The folder of this package, which holds `rates/` and `package.json`; ends with a slash. The sources lie one
 * folder below it and so do the files of the build, which hold many sources each: what is told by the place
 * of a file is told here only.
 */
export const PACKAGE_ROOT = new URL('../', import.meta.url);

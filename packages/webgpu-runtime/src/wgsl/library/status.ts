/** Reports of wrong indices; the second word of the parameters says where those of the kernel stand. */
export const statusFunctions = {
  reportIndex: `fn reportIndex(check: u32, index: u32) {
  let at = p[0].y + 2u * check;
  atomicOr(&status[at], 1u);
  atomicMax(&status[at + 1u], index);
}`,
}

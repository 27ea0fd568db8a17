import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Compiling takes a third of a start. It is kept beside the packages: whoever can write there could
// change the code itself. Where nobody can, nothing is kept, and each start compiles anew.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)));

// Not a static import, which would be loaded, and so compiled, before the line above has run.
await import('./cli/serve.ts');

import { z } from 'zod';

// Compiled checks need eval, and the content security policy counts the mere attempt as a violation.
// A schema reads this when it is made, so every module takes `z` from here.
z.config({ jitless: true });

export { z };

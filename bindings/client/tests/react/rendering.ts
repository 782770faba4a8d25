// First, because React looks for a page when it is loaded.
import './page.ts';

import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// The time limit of the test is the one that counts.
configure({ asyncUtilTimeout: 15_000 });

afterEach(cleanup);

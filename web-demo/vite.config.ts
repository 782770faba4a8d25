import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    target: 'es2022',
    // The client of the media server, which only who joins a call loads.
    chunkSizeWarningLimit: 600,
    // The colours are written with light-dark(), which these browsers know.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
  },
  server: {
    // With the browser's own Host, so that the server sees calls from its own origin.
    proxy: { '/trpc': { target: 'http://127.0.0.1:3001', changeOrigin: false } },
  },
  test: { include: ['src/**/*.test.ts'] },
});

export { fetchWithProgress } from './fetch-with-progress.js';
export { uploads } from './uploads.js';

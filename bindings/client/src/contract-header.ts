/** Where a client says which contract it knows, and where it hears that the server has another. */
export const CONTRACT_HEADER = 'tintype-contract';

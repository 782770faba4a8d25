//! api-contract

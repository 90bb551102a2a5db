//! The page at the edges.

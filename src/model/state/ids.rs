//! Numbers of entities, one type each, so that a person and an employer cannot be exchanged.

use std::ops::{Index, IndexMut};

macro_rules! ids {
    ($(#[doc = $text:literal] $Id:ident;)*) => {$(
        #[doc = $text]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(transparent)]
        pub struct $Id(pub u32);

        impl $Id {
            /// Nobody.
            pub const NONE: Self = Self(u32::MAX);

            /// Its place in the vectors of its kind.
            #[inline]
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }

            /// Itself, if it is somebody.
            #[inline]
            #[must_use]
            pub fn known(self) -> Option<Self> {
                (self != Self::NONE).then_some(self)
            }

            /// The first `n`.
            pub fn all(n: usize) -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator {
                (0..n as u32).map(Self)
            }
        }

        impl<T> Index<$Id> for Vec<T> {
            type Output = T;

            #[inline]
            fn index(&self, id: $Id) -> &T {
                &self[id.0 as usize]
            }
        }

        impl<T> IndexMut<$Id> for Vec<T> {
            #[inline]
            fn index_mut(&mut self, id: $Id) -> &mut T {
                &mut self[id.0 as usize]
            }
        }
    )*};
}

ids! {
    /// A person's agent.
    PersonId;
    /// A community.
    CommunityId;
    /// An employer's agent.
    EmployerId;
    /// A recruiter.
    RecruiterId;
    /// An official's post.
    OfficialId;
    /// Somebody who holds a post, or held one.
    IncumbentId;
}

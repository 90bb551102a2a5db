//! What the program carries with it, so that it runs without any file: scenarios and countries.
//!
//! Absent on purpose: reading them.

/// A country's folder.
pub(super) struct Folder {
    /// Its name in scenario files.
    pub name: &'static str,
    /// Its `profile.toml`.
    pub profile: &'static str,
    /// Its `parameters.toml`.
    pub parameters: &'static str,
    /// Its `targets.toml`.
    pub targets: &'static str,
    /// Its `observed.csv`.
    pub observed: &'static str,
    /// Its `posterior.csv`, where the country has been calibrated.
    pub posterior: Option<&'static str>,
}

impl Folder {
    /// What it says in `file`, if it has it.
    pub fn text(&self, file: &str) -> Option<&'static str> {
        match file {
            "profile.toml" => Some(self.profile),
            "parameters.toml" => Some(self.parameters),
            "targets.toml" => Some(self.targets),
            "observed.csv" => Some(self.observed),
            "posterior.csv" => self.posterior,
            _ => None,
        }
    }
}

/// The countries.
pub(super) const COUNTRIES: &[Folder] = &[
    Folder {
        name: "thailand",
        profile: include_str!("../../scenarios/thailand/profile.toml"),
        parameters: include_str!("../../scenarios/thailand/parameters.toml"),
        targets: include_str!("../../scenarios/thailand/targets.toml"),
        observed: include_str!("../../scenarios/thailand/observed.csv"),
        posterior: Some(include_str!("../../scenarios/thailand/posterior.csv")),
    },
    Folder {
        name: "borderland",
        profile: include_str!("../../scenarios/borderland/profile.toml"),
        parameters: include_str!("../../scenarios/borderland/parameters.toml"),
        targets: include_str!("../../scenarios/borderland/targets.toml"),
        observed: include_str!("../../scenarios/borderland/observed.csv"),
        posterior: None,
    },
];

/// The scenarios, the default first.
pub(super) const SCENARIOS: &[(&str, &str)] = &[
    ("thailand-2016", include_str!("../../scenarios/thailand-2016.toml")),
    ("thailand-gaps", include_str!("../../scenarios/thailand-gaps.toml")),
    ("thailand-budget", include_str!("../../scenarios/thailand-budget.toml")),
    ("thailand-entry", include_str!("../../scenarios/thailand-entry.toml")),
    ("thailand-labour-law", include_str!("../../scenarios/thailand-labour-law.toml")),
    ("thailand-detention", include_str!("../../scenarios/thailand-detention.toml")),
    ("thailand-scam-centres", include_str!("../../scenarios/thailand-scam-centres.toml")),
    ("borderland", include_str!("../../scenarios/borderland.toml")),
];

//! The commented scenario that a new user starts from.
//!
//! Absent on purpose: an explanation of every lever; `fivep levers` gives that.

use super::resolved::quoted;

/// A commented scenario with `name` as its title; it runs as it stands.
#[must_use]
pub fn template(name: &str) -> String {
    let shown: String = name.chars().filter(|letter| !letter.is_control()).take(200).collect();
    let title = if shown.trim().is_empty() { "My scenario" } else { shown.trim() };
    TEXT.replace("{title}", &quoted(title))
}

const TEXT: &str = r#"# A scenario: what a country does (the baseline) and what it could do instead (the variants).
# `fivep check FILE` looks it over, `fivep compare FILE` runs it. Lines that begin with # are comments.
format = 2
title = {title}
question = """
What would open shelters and trained officials change, alone and together?
"""

# A shipped country ("thailand", "borderland"), or a folder beside this file with profile.toml and parameters.toml.
country = "thailand"

# The first and the last month, both included.
from = "2015-01"
to = "2019-12"

# Persons per agent: 1 is exact and slow, 100 is quick and coarse.
scale = 100

# How many times each variant is simulated, each time with other luck (the same for every variant).
replicates = 20
seed = 1

# The baseline: levers by the five Ps (`fivep levers` lists all). A lever that is not named keeps its default.
# A value is a number, a change of what was in force just before, or a course over time:
#   training = 0.2
#   budget.total = { 2016-10 = "+23.88%" }
#   training = { start = 0.2, 2016-10 = 0.45 }
[policy.national]
national_priority = 0.3

[policy.protection]
training = { start = 0.1, 2016-01 = 0.2 }

# A variant says only what it changes. A lever here replaces its whole course in the baseline.
[variants.open-shelters]
title = "Open shelters"
policy.protection.shelter_freedom = { start = 0.1, 2016-10 = 0.8 }

[variants.trained-officials]
title = "Trained officials"
policy.protection.training = { start = 0.1, 2016-01 = 0.2, 2016-10 = 0.6 }

# With `base`, a variant builds on another one.
[variants.both]
title = "Open shelters and trained officials"
base = "open-shelters"
policy.protection.training = { start = 0.1, 2016-01 = 0.2, 2016-10 = 0.6 }

# The months that are compared; without this, from the first difference to the end.
[compare]
from = "2016-10"

# The structure (`fivep switches`), dated events of the country's profile, and assumptions (`fivep parameters`).
[switches]
deterrence = "learned"

[shocks]
# rumour-2014 = false

[parameters]
# recruitment.kappa = 0.4
"#;

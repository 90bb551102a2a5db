//! The commented scenario that a new user starts from.
//!
//! Absent on purpose: an explanation of every lever; `fivep levers` gives that.

use super::resolved::{number, quoted};
use super::{Scenario, coarsest};
use crate::quantities::Month;

/// What a new scenario builds on.
pub struct Start<'a> {
    /// How the new file names it: a shipped name, or a path seen from the new file.
    pub reference: &'a str,
    /// The scenario itself.
    pub scenario: &'a Scenario,
}

/// A commented scenario with `name` as its title, whose baseline is that of another one; it runs as it stands.
#[must_use]
pub fn template(name: &str, start: &Start<'_>) -> String {
    let shown: String = name.chars().filter(|letter| !letter.is_control()).take(200).collect();
    let title = if shown.trim().is_empty() { "My scenario" } else { shown.trim() };
    let scenario = start.scenario;
    let date = Month::new((scenario.from.year() + scenario.to.year() + 1).div_euclid(2), 1).clamp(scenario.from, scenario.to);
    // Ten times coarser than what it builds on is quick; a small country bears less.
    let scale = (scenario.scale * 10.0).min(coarsest(scenario));
    [
        ("{extends}", quoted(start.reference)),
        ("{extended}", scenario.title.clone()),
        ("{from}", scenario.from.to_string()),
        ("{to}", scenario.to.to_string()),
        ("{scale}", if scale.fract() == 0.0 { format!("{scale:.0}") } else { number(scale) }),
        ("{date}", date.to_string()),
        ("{compare}", date.to_string()),
        // Last, for a title may hold any of the words above.
        ("{title}", quoted(title)),
    ]
    .iter()
    .fold(TEXT.to_owned(), |text, (mark, value)| text.replace(mark, value))
}

const TEXT: &str = r#"# A scenario: what a country does (the baseline) and what it could do instead (the variants).
# `fivep check FILE` looks it over, `fivep compare FILE` runs it. Lines that begin with # are comments.
format = 2
title = {title}
question = """
What would open shelters and trained officials change, alone and together?
"""

# The baseline is that of another scenario, shipped with the program or a file: {extended}.
# Everything that it says holds here too, but for its title, question, variants and [compare]; `fivep eject NAME` writes a shipped one out to read.
extends = {extends}

# Persons per agent: 1 is exact and slow, 100 is quick and coarse.
scale = {scale}

# How many times each variant is simulated, each time with other random numbers (the same for every variant).
replicates = 20
seed = 1

# The first and the last month, both included, if they are to be others:
# from = "{from}"
# to = "{to}"

# Change the baseline here, if it is to differ: levers by the five Ps (`fivep levers` lists all). A line says
#   training = 0.2                            a level from the start on
#   training = { 2016-10 = 0.45 }             a level from a month on; what stood before it stays
#   training = { 2016-10 = "+20%" }           a change of what is in force in that month, from then on; also "+0.1", "-0.1", "x2"
#   training = { start = 0.2, 2016-10 = 0.45 }  the whole course
# [policy.protection]
# training = { 2016-10 = 0.45 }

# A variant says only what it changes in the baseline, in the same words.
[variants.open-shelters]
title = "Open shelters"
policy.protection.shelter_freedom = { {date} = 0.9 }
policy.protection.shelter_communication = { {date} = 0.9 }

[variants.trained-officials]
title = "Trained officials"
policy.protection.training = { {date} = 0.9 }

# `with` makes the changes of other variants too; `base` builds on one of them; policy.protection = "open-shelters" would take
# over all that another variant says of that P.
[variants.both]
title = "Open shelters and trained officials"
with = ["open-shelters", "trained-officials"]

# The months that are compared; without this, from the first difference to the end.
[compare]
from = "{compare}"
# With `against` all others, the baseline among them, are compared with that variant: what did the baseline change?
# against = "open-shelters"
# baseline_title = "As it happened"

# The structure (`fivep switches`), dated events of the country's profile, and assumptions (`fivep parameters`).
[switches]
# deterrence = "learned"

[shocks]
# rumour-2014 = false

[parameters]
# recruitment.debt_vulnerability = 0.4
"#;

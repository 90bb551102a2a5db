//! Structural switches: alternatives to run, not parameters to tune.

/// How perceived risk deters employers and recruiters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deterrence {
    /// By their own and their neighbours' arrests, as learned.
    Learned,
    /// Not at all.
    None,
    /// By the severity of sentences alone.
    Severity,
}

/// The structure of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a switch is a yes or a no by nature")]
pub struct Switches {
    /// Communities learn from the outcomes of their members.
    pub learning: bool,
    /// How perceived risk deters.
    pub deterrence: Deterrence,
    /// Complicit peers silence those who would report them.
    pub intimidation: bool,
    /// Removed capacity is replaced by demand.
    pub replacement: bool,
    /// Smuggled people may be counted as victims in a surge.
    pub conflation: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self { learning: true, deterrence: Deterrence::Learned, intimidation: true, replacement: true, conflation: true }
    }
}

/// What is known of a switch.
#[derive(Clone, Copy, Debug)]
pub struct Switch {
    /// Its key in `[switches]`.
    pub name: &'static str,
    /// The values it takes, the default first. `true` and `false` are written without quotes.
    pub values: &'static [&'static str],
    /// What it changes.
    pub text: &'static str,
}

/// All switches.
pub const SWITCHES: &[Switch] = &[
    Switch { name: "learning", values: &["true", "false"], text: "Communities learn from the outcomes of their own members." },
    Switch {
        name: "deterrence",
        values: &["learned", "none", "severity"],
        text: "How employers and recruiters are deterred: by arrests they learn of, not at all, or by the length of sentences alone.",
    },
    Switch { name: "intimidation", values: &["true", "false"], text: "Complicit officials silence those in their unit who would report them." },
    Switch { name: "replacement", values: &["true", "false"], text: "Employers and recruiters who are removed are replaced toward demand." },
    Switch {
        name: "conflation",
        values: &["true", "false"],
        text: "Smuggled people may be counted as trafficking victims when many are met at once.",
    },
];

impl Switches {
    /// Sets the switch `name` to `value` (as listed in [`SWITCHES`]); false if there is no such pair.
    pub fn set(&mut self, name: &str, value: &str) -> bool {
        let yes = match value {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        };
        match (name, yes, value) {
            ("learning", Some(yes), _) => self.learning = yes,
            ("intimidation", Some(yes), _) => self.intimidation = yes,
            ("replacement", Some(yes), _) => self.replacement = yes,
            ("conflation", Some(yes), _) => self.conflation = yes,
            ("deterrence", None, "learned") => self.deterrence = Deterrence::Learned,
            ("deterrence", None, "none") => self.deterrence = Deterrence::None,
            ("deterrence", None, "severity") => self.deterrence = Deterrence::Severity,
            _ => return false,
        }
        true
    }

    /// The value of the switch `name`, as a word.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'static str> {
        let word = |yes: bool| if yes { "true" } else { "false" };
        Some(match name {
            "learning" => word(self.learning),
            "intimidation" => word(self.intimidation),
            "replacement" => word(self.replacement),
            "conflation" => word(self.conflation),
            "deterrence" => match self.deterrence {
                Deterrence::Learned => "learned",
                Deterrence::None => "none",
                Deterrence::Severity => "severity",
            },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_value_can_be_set_and_read() {
        for switch in SWITCHES {
            for value in switch.values {
                let mut switches = Switches::default();
                assert!(switches.set(switch.name, value), "{} = {value}", switch.name);
                assert_eq!(switches.get(switch.name), Some(*value));
            }
            assert_eq!(Switches::default().get(switch.name), Some(switch.values[0]));
        }
        assert!(!Switches::default().set("learning", "learned"));
        assert!(!Switches::default().set("weather", "true"));
    }
}

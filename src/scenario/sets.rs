//! Parameter sets: which values an ensemble's replicates assume.
//!
//! *Best* is the country file's value of every parameter. *Posterior* draws from `posterior.csv`, the weighted sets
//! that calibration left, and what those do not name evenly from its range, since nobody has said more of it; *prior*
//! draws every parameter evenly from its range. Two replicates in a row share a set,
//! so that what chance does can be told from what the inputs do. What a scenario file itself says of a parameter
//! stays as it says, whatever is drawn. All variants of a replicate share its set, so that they stay paired.
//!
//! Absent on purpose: how the sets came about (`calibration`).

use super::ParameterNote;
use super::faults::{Faults, Place};
use crate::draws::{Luck, Purpose};
use crate::model::parameters::{PARAMETERS, Parameter, place, renamed};
use crate::sums::{summed, tells_sum};
use std::ops::Range;

/// How many replicates in a row share a parameter set.
pub const REPLICATES_PER_SET: u32 = 2;

/// The golden ratio's fractional part: its multiples fill the unit interval evenly however many there are.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// Where parameter values come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Choice {
    /// The country file's values.
    #[default]
    Best,
    /// The sets that calibration left.
    Posterior,
    /// Each parameter evenly from its range.
    Prior,
}

impl Choice {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Best, Self::Posterior, Self::Prior];

    /// The word of the command line and of files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::Posterior => "posterior",
            Self::Prior => "prior",
        }
    }

    /// The choice of that word. Runs of earlier versions may say "wide", which is what a posterior means now.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        if word == "wide" { Some(Self::Posterior) } else { Self::ALL.into_iter().find(|choice| choice.word() == word) }
    }

    /// What the intervals of an ensemble are about.
    #[must_use]
    pub fn interval(self) -> &'static str {
        if self == Self::Best { "chance only" } else { "chance and uncertain inputs" }
    }
}

/// The parameter sets of an ensemble.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Drawn {
    /// Where they come from.
    pub choice: Choice,
    /// They come from a calibration that is not known to have settled.
    pub unsettled: bool,
    /// One row of values for each set, in the order of the table of parameters; none for the best values.
    pub rows: Vec<Vec<f64>>,
}

impl Drawn {
    /// The row of `replicate`; nothing where the best values are simulated.
    #[must_use]
    pub fn row(&self, replicate: u32) -> Option<&[f64]> {
        self.rows.get((replicate / REPLICATES_PER_SET) as usize).map(Vec::as_slice)
    }
}

/// The weighted sets of a posterior file.
#[derive(Clone, Debug, PartialEq)]
pub struct Posterior {
    /// Whether the calibration says of itself that it has settled.
    pub settled: bool,
    /// The calibrated parameters, by their places in the table.
    pub places: Vec<usize>,
    /// The weight of each set; they sum to one.
    pub weights: Vec<f64>,
    /// The values of each set, in the order of `places`.
    pub sets: Vec<Vec<f64>>,
}

/// Draws the sets for `replicates` replicates.
pub(super) fn drawn(choice: Choice, seed: u64, replicates: u32, notes: &[ParameterNote], posterior: Option<&Posterior>) -> Drawn {
    let luck = Luck::new(seed, 0);
    let count = if choice == Choice::Best { 0 } else { replicates.div_ceil(REPLICATES_PER_SET) };
    let best = || notes.iter().map(|note| note.value).collect::<Vec<f64>>();
    let anywhere = |set: u32| -> Vec<f64> {
        let value = |(place, note): (u16, &ParameterNote)| {
            let draw = luck.uniform(Purpose::Parameters, 0, set, place);
            // The range may be a point, and rounding must not carry a value out of it.
            (note.low + draw * (note.high - note.low)).clamp(note.low, note.high)
        };
        (0u16..).zip(notes).map(value).collect()
    };
    let row = |set: u32| match (choice, posterior) {
        (Choice::Prior, _) => anywhere(set),
        (Choice::Posterior, Some(posterior)) => {
            let start = luck.uniform(Purpose::Parameters, 1, 0, 0u16);
            let mut row = anywhere(set);
            for (place, value) in posterior.places.iter().zip(&posterior.sets[posterior.at((start + f64::from(set) * GOLDEN).fract())]) {
                row[*place] = *value;
            }
            row
        }
        _ => best(),
    };
    let unsettled = choice == Choice::Posterior && posterior.is_some_and(|posterior| !posterior.settled);
    Drawn { choice, unsettled, rows: (0..count).map(row).collect() }
}

impl Posterior {
    /// The set at which the weights, summed in order, pass `share` (0 to 1).
    #[must_use]
    pub fn at(&self, share: f64) -> usize {
        let mut sum = 0.0;
        let passed = self.weights.iter().position(|weight| {
            sum += weight;
            sum > share
        });
        passed.unwrap_or(self.weights.len().saturating_sub(1))
    }
}

/// The beginning of the remark with which a calibration says that it has settled.
const SETTLED: &str = "# settled: yes";

/// Reads a posterior file: lines after `#` are remarks, one of which says whether the calibration has settled and one, the last, what the
/// sum of the others is; the first line names `weight` and parameters, each further one is a set.
pub(super) fn posterior(faults: &Faults, file: usize, text: &str) -> Option<Posterior> {
    let before = faults.count();
    // Who moved it may have changed its line ends, which say nothing.
    if tells_sum(text) && summed(&text.replace("\r\n", "\n")).is_none() {
        let help = "copy it anew from where it was written; where the change is meant, remove the line that begins with `# sum`";
        faults.add(&Place::whole(file), "this file is damaged or was changed: its last line tells another sum", "", help);
    }
    let mut reader =
        csv::ReaderBuilder::new().comment(Some(b'#')).trim(csv::Trim::All).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = vec![];
    for record in reader.records() {
        match record {
            Ok(record) => records.push(record),
            Err(error) => {
                faults.add(&Place::whole(file), format!("this is not valid CSV: {error}"), "", "`fivep calibrate` writes this file");
                return None;
            }
        }
    }
    let place_of = |record: &csv::StringRecord| Place::new(file, line(text, record));
    let Some((head, records)) = records.split_first() else {
        faults.add(&Place::whole(file), "this file holds no parameter sets", "", "`fivep calibrate` writes this file");
        return None;
    };
    if head.get(0) != Some("weight") || head.len() < 2 {
        faults.add(
            &place_of(head),
            "the first line must name `weight` and then parameters",
            "",
            "as in: weight,placement.labour_at_arrival,work.abuse_onset",
        );
        return None;
    }
    let mut places: Vec<usize> = vec![];
    for name in head.iter().skip(1) {
        match place(name) {
            Some(place) if !places.contains(&place) => places.push(place),
            Some(_) => faults.add(&place_of(head), format!("`{name}` stands twice"), "", "keep one of them"),
            None => {
                if let Some(parameter) = name.split_once('.').and_then(|(process, key)| renamed(process, key)) {
                    faults.add(&place_of(head), format!("`{name}` is called `{}` now", parameter.name), "", super::country::now_called(parameter));
                    continue;
                }
                let paths: Vec<String> = PARAMETERS.iter().map(Parameter::path).collect();
                let help = faults.remedy(name, paths.iter().map(String::as_str), "`fivep parameters` lists them all");
                faults.add(&place_of(head), format!("unknown parameter `{}`", super::values::shorten(name)), "", help);
            }
        }
    }
    let (mut weights, mut sets) = (vec![], vec![]);
    for record in records {
        if record.len() != head.len() {
            faults.add(
                &place_of(record),
                format!("this line has {} cells, not {}", record.len(), head.len()),
                "",
                "one weight, then one value a parameter",
            );
            continue;
        }
        let numbers: Vec<f64> = record.iter().filter_map(|cell| cell.parse().ok()).filter(|number: &f64| number.is_finite()).collect();
        if numbers.len() != record.len() || numbers[0] < 0.0 {
            faults.add(&place_of(record), "every cell must be a finite number, and the weight not below 0", "", "`fivep calibrate` writes this file");
            continue;
        }
        for (place, value) in places.iter().zip(&numbers[1..]) {
            let parameter = &PARAMETERS[*place];
            if !(parameter.min..=parameter.max).contains(value) {
                let help = format!("it may be {} to {}", parameter.min, parameter.max);
                faults.add(&place_of(record), format!("`{}` is out of range: {value}", parameter.path()), "", help);
            }
        }
        weights.push(numbers[0]);
        sets.push(numbers[1..].to_vec());
    }
    let sum: f64 = weights.iter().sum();
    if faults.count() == before && (sum <= 0.0 || !sum.is_finite()) {
        faults.add(&Place::whole(file), "the weights sum to nothing", "", "give at least one set a weight above 0");
    }
    if faults.count() > before {
        return None;
    }
    let settled = text.trim_start_matches('\u{feff}').lines().take_while(|line| line.starts_with('#')).any(|line| line.starts_with(SETTLED));
    Some(Posterior { settled, places, weights: weights.iter().map(|weight| weight / sum).collect(), sets })
}

/// The bytes of a record's line.
fn line(text: &str, record: &csv::StringRecord) -> Range<usize> {
    let start = record.position().map_or(0, |position| position.byte() as usize).min(text.len());
    // Remarks and blank lines before a record belong to its position.
    let mut start = start;
    for line in text[start..].split_inclusive('\n') {
        if !line.trim().is_empty() && !line.starts_with('#') {
            break;
        }
        start += line.len();
    }
    let length = text[start..].find('\n').unwrap_or(text.len() - start);
    start..start + length
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these values are read exactly")]
mod tests {
    use super::*;
    use crate::scenario::parameter_notes;
    use crate::sums::with_sum;

    fn read(text: &str) -> Result<Posterior, String> {
        let faults = Faults::default();
        let file = faults.file("posterior.csv", text);
        posterior(&faults, file, text).ok_or_else(|| faults.render())
    }

    const GOOD: &str = "# a remark\nweight,work.abuse_onset,placement.labour_at_arrival\n1,0.01,0.1\n3,0.02,0.2\n";

    #[test]
    fn a_posterior_is_read_with_weights_that_sum_to_one() {
        let posterior = read(GOOD).expect("it is sound");
        assert_eq!(posterior.weights, [0.25, 0.75]);
        assert!(!posterior.settled && read(&format!("# settled: yes; all agree\n{GOOD}")).expect("it is sound").settled);
        assert_eq!(posterior.sets, [[0.01, 0.1], [0.02, 0.2]]);
        assert_eq!(posterior.places, [place("work.abuse_onset").unwrap(), place("placement.labour_at_arrival").unwrap()]);
        assert_eq!((posterior.at(0.0), posterior.at(0.24), posterior.at(0.26), posterior.at(1.0)), (0, 0, 1, 1));
    }

    #[test]
    fn faults_of_a_posterior_come_at_once_with_their_lines() {
        let text = read("weight,work.hh,placement.labour_at_arrival\n1,0.01\nx,0.2,0.2\n1,0.1,9\n").expect_err("four faults");
        for phrase in ["unknown parameter `work.hh`", "posterior.csv:1:", "2 cells, not 3", "posterior.csv:3:", "finite number"] {
            assert!(text.contains(phrase), "{phrase} in\n{text}");
        }
        let text = read("weight,work.h,care.kappa,work.theta\n1,0.01,0.2,0.3\n").expect_err("three old keys");
        for phrase in
            ["`work.h` is called `abuse_onset` now", "write `care.debt_in_retrafficking`", "write `work.freedom_to_change`", "posterior.csv:1:"]
        {
            assert!(text.contains(phrase), "{phrase} in\n{text}");
        }
        for (text, phrase) in [
            ("", "no parameter sets"),
            ("work.abuse_onset\n1\n", "`weight`"),
            ("weight,work.abuse_onset\n0,0.01\n", "sum to nothing"),
            ("weight,work.abuse_onset,work.abuse_onset\n", "twice"),
        ] {
            assert!(read(text).expect_err("a fault").contains(phrase), "{phrase}");
        }
        assert!(read("weight,work.abuse_onset\n1,0.5\n").expect_err("0.5 is above 0.1").contains("out of range: 0.5"));
    }

    #[test]
    fn a_posterior_that_holds_its_sum_is_never_read_as_another() {
        let text = with_sum(GOOD);
        let sound = read(&text).expect("it is sound");
        assert_eq!(read(&text.replace('\n', "\r\n")), Ok(sound.clone()), "line ends say nothing");
        for bit in 0..text.len() * 8 {
            let mut bytes = text.clone().into_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            // What is no text is refused before.
            let Ok(other) = String::from_utf8(bytes) else { continue };
            assert!(read(&other).is_err_and(|text| text.contains("help:")) || read(&other).is_ok_and(|found| found == sound), "bit {bit}");
        }
        let edited = text.replace("0.02", "0.03");
        assert!(read(&edited).is_err_and(|text| text.contains("# sum")));
        assert_eq!(read(edited.split("# sum").next().unwrap_or_default()).expect("the change is meant").sets[1][0], 0.03);
    }

    #[test]
    fn two_replicates_share_a_set_and_more_replicates_keep_the_first_sets() {
        let notes = parameter_notes("borderland").expect("it is sound");
        for choice in [Choice::Prior, Choice::Posterior] {
            let posterior = read(GOOD).expect("it is sound");
            let (few, many) = (drawn(choice, 7, 4, &notes, Some(&posterior)), drawn(choice, 7, 9, &notes, Some(&posterior)));
            assert_eq!((few.rows.len(), many.rows.len()), (2, 5));
            assert_eq!(few.rows[..], many.rows[..2]);
            assert_eq!(few.row(2), few.row(3));
            assert_ne!(many.row(0), many.row(2));
            let own = posterior.places[0];
            let other = (0..notes.len()).find(|place| !posterior.places.contains(place) && notes[*place].low < notes[*place].high).expect("a range");
            let values = |place: usize| many.rows.iter().map(|row| row[place]).collect::<Vec<_>>();
            assert!(values(own).iter().all(|value| posterior.sets.iter().any(|set| set[0] == *value)) == (choice == Choice::Posterior));
            assert_ne!(values(other)[0], values(other)[1], "what the posterior does not name lies anywhere");
        }
        assert_eq!(drawn(Choice::Best, 7, 4, &notes, None).row(0), None);
        let prior = drawn(Choice::Prior, 7, 200, &notes, None);
        for (i, note) in notes.iter().enumerate() {
            assert!(prior.rows.iter().all(|row| (note.low..=note.high).contains(&row[i])));
        }
    }

    #[test]
    fn words_are_read_back_and_that_of_earlier_versions_too() {
        for choice in Choice::ALL {
            assert_eq!(Choice::of_word(choice.word()), Some(choice));
        }
        assert_eq!((Choice::of_word("wide"), Choice::of_word("narrow")), (Some(Choice::Posterior), None));
    }

    #[test]
    fn heavy_sets_are_drawn_as_often_as_they_weigh() {
        let notes = parameter_notes("borderland").expect("it is sound");
        let posterior = read(GOOD).expect("it is sound");
        let all = drawn(Choice::Posterior, 3, 2_000, &notes, Some(&posterior));
        let heavy = all.rows.iter().filter(|row| row[posterior.places[0]] == 0.02).count();
        assert!((745..=755).contains(&heavy), "{heavy} of 1000 where 750 are due");
    }
}

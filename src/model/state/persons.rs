//! Persons, by the cells that the monthly die is rolled for.
//!
//! At scale w an agent stands for w persons alike. What officials do lives at full scale: a visit, an interview, a bed concerns *one*
//! person. That person leaves the agent ([`Persons::split`]) and becomes an agent of weight 1 with a number and draws of its own
//! (parent, which of its persons), and the parent's weight falls by one, so that persons are conserved. At scale 1 every agent is
//! one person, and nobody is ever split. Who is home again with nobody waiting for them goes on as one of the agent from which they came
//! ([`Persons::rejoin`]), so that the agents of a coarse sample stay few.
//!
//! How many persons are in each cell is kept alongside, so that the truth ledger costs no pass of its own. Debts
//! are settled whenever wage, rate or state changes ([`Persons::settle`]); their bands are brought up to date by
//! the calendar.

use super::NEVER;
use super::cells::{Cell, Cells, Exploitation, Legal, MAX_DEBT, NOBODY, Whereabouts, band};
use super::debts::{Debts, Terms};
use super::ids::{CommunityId, EmployerId, PersonId, RecruiterId};
use crate::draws::copy_of;

/// How many persons are prefetched at a time: few enough to stay in the first-level cache until they are looked at.
pub const BATCH: usize = 256;

/// The worker's documents are held by the employer.
pub const DOCUMENTS: u8 = 1;
/// The debt is a bond to the employer.
pub const BOND: u8 = 2;
/// The worker is locked in.
pub const LOCKED: u8 = 4;
const WOMAN: u8 = 8;
const MINOR: u8 = 16;
const HOLDER: u8 = 32 | 64;
const DETAINED_VICTIM: u8 = 128;

/// To whom a debt is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Nobody.
    Nobody,
    /// Family or a lender at home.
    Lender,
    /// The recruiter.
    Recruiter,
    /// The employer, who took it over.
    Employer,
}

/// How persons are laid out: origins follow each other, citizens last, and members of a community are
/// neighbours.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The first person of each origin, then of the citizens, then one past the last person.
    pub starts: Vec<u32>,
    /// The first community of each origin, then of the citizens, then one past the last community.
    pub community_starts: Vec<u32>,
    /// Members of a community (the last of an origin may be smaller).
    pub community_size: u32,
}

impl Layout {
    /// The origin of `root`, one of the first agents; citizens come after the last origin.
    fn origin(&self, root: u32) -> usize {
        self.starts[1..].iter().take_while(|start| **start <= root).count()
    }

    /// The community of `root`, one of the first agents.
    fn community(&self, root: u32) -> CommunityId {
        let origin = self.origin(root);
        CommunityId(self.community_starts[origin] + (root - self.starts[origin]) / self.community_size)
    }

    /// The agents of `community` as they were laid out; those split off since are not among them.
    #[must_use]
    pub fn members(&self, community: CommunityId) -> std::ops::Range<u32> {
        let community = community.0;
        let origin = self.community_starts[1..].iter().take_while(|start| **start <= community).count();
        let first = self.starts[origin] + (community - self.community_starts[origin]) * self.community_size;
        first..(first + self.community_size).min(self.starts[origin + 1])
    }
}

/// What is remembered of a person beyond the cell and the employer, which are read for everybody.
///
/// The one exception to a `Vec` for each state variable: whoever looks at one of these looks at several, and in a
/// nation each look is a wait for memory. Sixteen bytes side by side are one wait.
#[derive(Clone, Copy, Debug)]
#[repr(align(16))]
pub struct Record {
    /// The recruiter who placed the person last, or nobody.
    pub recruiter: RecruiterId,
    debt: f32,
    debt_month: u16,
    /// The month of the last change of whereabouts or exploitation.
    pub since: u16,
    /// The month in which the permit lapses, or [`NEVER`].
    pub permit: u16,
    flags: u8,
}

/// All persons.
#[derive(Clone, Debug)]
pub struct Persons {
    /// How cells are numbered.
    pub cells: Cells,
    /// How persons are laid out.
    pub layout: Layout,
    /// Terms and sums of debt.
    pub debts: Debts,
    /// Persons for whom an agent stands at first.
    pub scale: u16,
    /// Each agent's cell.
    pub cell: Vec<u16>,
    /// How many persons are in each cell.
    pub in_cell: Vec<u32>,
    /// Persons for whom each agent stands.
    weight: Vec<u16>,
    /// The employer worked for, or nobody.
    pub employer: Vec<EmployerId>,
    /// What else is remembered of each agent.
    pub records: Vec<Record>,
    /// Of each agent that was split off, the agent of the first month from which it comes, and its address in draws.
    split: Vec<(u32, u32)>,
    /// How often each agent of the first month has been split; empty where every agent is one person.
    splits: Vec<u16>,
    /// Places of those who were split off and rejoined: nobody's, until somebody else is split off.
    vacated: Vec<PersonId>,
    /// Agents whose debt crosses into another band, by month.
    crossings: Vec<Vec<PersonId>>,
    /// Agents whose permit lapses, by month.
    pub lapses: Vec<Vec<PersonId>>,
    /// Agents who come back through a broker, by month.
    pub comebacks: Vec<Vec<PersonId>>,
}

impl Persons {
    /// Nobody's state yet: everybody at home, owing nothing, `scale` persons an agent.
    ///
    /// # Panics
    /// If the layout has no end; [`initialisation`](super::super::initialisation) always gives it one.
    #[must_use]
    pub fn new(cells: Cells, layout: Layout, debts: Debts, months: usize, scale: u16) -> Self {
        let n = *layout.starts.last().expect("a layout ends with its end") as usize;
        let record = Record { recruiter: RecruiterId::NONE, debt: 0.0, debt_month: 0, since: 0, permit: NEVER, flags: 0 };
        Self {
            cells,
            layout,
            debts,
            scale,
            cell: vec![0; n],
            in_cell: vec![0; cells.count()],
            weight: vec![scale; n],
            employer: vec![EmployerId::NONE; n],
            records: vec![record; n],
            split: Vec::new(),
            splits: vec![0; if scale > 1 { n } else { 0 }],
            vacated: Vec::new(),
            crossings: vec![Vec::new(); months + 1],
            lapses: vec![Vec::new(); months + 1],
            comebacks: vec![Vec::new(); months + 1],
        }
    }

    /// How many agents there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.cell.len() as u32
    }

    /// True if there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cell.is_empty()
    }

    /// How many agents were laid out at first; those split off come after them.
    #[must_use]
    pub fn laid_out(&self) -> u32 {
        self.len() - self.split.len() as u32
    }

    /// All agents.
    pub fn all(&self) -> impl Iterator<Item = PersonId> + use<> {
        PersonId::all(self.cell.len())
    }

    /// The agents split off so far.
    pub fn split_off(&self) -> impl Iterator<Item = PersonId> + use<> {
        (self.laid_out()..self.len()).map(PersonId)
    }

    /// What `person`'s cell says.
    #[must_use]
    #[inline]
    pub fn at(&self, person: PersonId) -> Cell {
        self.cells.decode(self.cell[person])
    }

    /// Persons for whom `person`'s agent stands.
    #[must_use]
    pub fn weight(&self, person: PersonId) -> u16 {
        self.weight[person]
    }

    /// The same as a number to count with.
    #[must_use]
    pub fn persons(&self, person: PersonId) -> f64 {
        f64::from(self.weight[person])
    }

    fn split_place(&self, person: PersonId) -> Option<usize> {
        person.index().checked_sub(self.laid_out() as usize)
    }

    /// The agent of the first month from which `person` comes.
    fn root(&self, person: PersonId) -> u32 {
        self.split_place(person).map_or(person.0, |place| self.split[place].0)
    }

    /// The address of `person` in draws.
    #[inline]
    #[must_use]
    pub fn address(&self, person: PersonId) -> u32 {
        if self.split.is_empty() {
            return person.0;
        }
        self.split_place(person).map_or(person.0, |place| self.split[place].1)
    }

    /// The origin of `person`; citizens come after the last origin.
    #[must_use]
    pub fn origin(&self, person: PersonId) -> usize {
        self.layout.origin(self.root(person))
    }

    /// The community of `person`.
    #[must_use]
    pub fn community(&self, person: PersonId) -> CommunityId {
        self.layout.community(self.root(person))
    }

    /// One of the persons for whom `person`'s agent stands in `month`, as an agent of its own: the same one where it stands for one only.
    pub fn split(&mut self, person: PersonId, month: u16) -> PersonId {
        if self.weight[person] == 1 {
            return person;
        }
        self.splits[person] = self.splits[person].wrapping_add(1);
        let origin = (person.0, copy_of(person.0, u32::from(self.splits[person])));
        self.weight[person] -= 1;
        let one = self.vacated.pop().unwrap_or_else(|| {
            self.split.push(origin);
            self.cell.push(NOBODY);
            self.weight.push(0);
            self.employer.push(EmployerId::NONE);
            self.records.push(self.records[person]);
            PersonId(self.cell.len() as u32 - 1)
        });
        let place = one.index() - self.laid_out() as usize;
        self.split[place] = origin;
        self.cell[one] = self.cell[person];
        self.weight[one] = 1;
        self.employer[one] = self.employer[person];
        self.records[one] = self.records[person];
        // Whatever the calendar holds for the agent it holds for the person too.
        if let Some(bucket) = self.lapses.get_mut(usize::from(self.records[one].permit)) {
            bucket.push(one);
        }
        self.schedule_crossing(one, self.debt(one, month), self.at(one), month);
        one
    }

    /// Those who were split off, are at home since more than half a year and are not `awaited` go on in `month` as one of the agent from which they
    /// came, if that is at home too; all of it then owe the mean of what each owes.
    pub fn rejoin(&mut self, month: u16, awaited: impl Fn(PersonId) -> bool) {
        let at_home = |persons: &Self, person: PersonId| persons.weight[person] > 0 && persons.at(person).whereabouts == Whereabouts::Home;
        for one in self.split_off() {
            let root = PersonId(self.root(one));
            // Within half a year a broker may bring them back.
            if !at_home(self, one) || !at_home(self, root) || self.records[one].since + 7 > month || awaited(one) {
                continue;
            }
            let owed = f64::from(self.settle(one, month) as f32) + self.settle(root, month) * self.persons(root);
            let holder = if self.records[root].debt > 0.0 { self.holder(root) } else { self.holder(one) };
            self.in_cell[usize::from(self.cell[one])] -= 1;
            self.in_cell[usize::from(self.cell[root])] += 1;
            self.cell[one] = NOBODY;
            self.weight[one] = 0;
            self.records[one].debt = 0.0;
            self.weight[root] += 1;
            let each = (owed / self.persons(root)) as f32;
            self.debts.relieved += owed - f64::from(each) * self.persons(root);
            self.set_debt(root, each, month);
            if each > 0.0 {
                self.set_holder(root, holder);
            }
            self.vacated.push(one);
        }
    }

    /// Asks memory for all that is known of `persons`, who are about to be looked at one by one.
    ///
    /// A nation does not fit into a cache, so each person looked at would be waited for. Here no look depends on
    /// another, and the processor waits for many at once. It changes nothing.
    pub fn prefetch(&self, persons: impl Iterator<Item = PersonId>) {
        let known = |person: PersonId| u32::from(self.cell[person]) ^ self.employer[person].0 ^ self.records[person].recruiter.0;
        std::hint::black_box(persons.fold(0, |all, person| all ^ known(person)));
    }

    /// Everybody whose cell is as `wanted`, in order. One pass over the codes; `wanted` is asked once a cell.
    #[must_use]
    pub fn select(&self, wanted: impl Fn(Cell) -> bool) -> Vec<PersonId> {
        let is_wanted = |(code, held): (usize, &u32)| *held > 0 && wanted(self.cells.decode(code as u16));
        let table: Vec<bool> = self.in_cell.iter().enumerate().map(is_wanted).collect();
        those(&self.cell, |code| table[usize::from(*code)])
    }

    /// How many persons are in cells as `wanted`.
    #[must_use]
    pub fn count(&self, wanted: impl Fn(Cell) -> bool) -> u64 {
        let cells = self.in_cell.iter().zip(0u16..).filter(|(held, _)| **held > 0);
        cells.filter(|(_, code)| wanted(self.cells.decode(*code))).map(|(held, _)| u64::from(*held)).sum()
    }

    /// Everybody who works for one of `employers`, in order.
    #[must_use]
    pub fn workers_of(&self, employers: &[EmployerId], slots: usize) -> Vec<PersonId> {
        if employers.is_empty() {
            return Vec::new();
        }
        let mut chosen = vec![0u64; slots / 64 + 1];
        for employer in employers {
            chosen[employer.index() / 64] |= 1 << (employer.0 % 64);
        }
        // Nobody's employer reads the bit past the last slot, which is never set: no branch to mispredict.
        let works = |employer: EmployerId| {
            let slot = employer.index().min(slots);
            chosen[slot / 64] >> (slot % 64) & 1 == 1
        };
        those(&self.employer, |employer| works(*employer))
    }

    /// Gives `person` a first cell; for initialisation only.
    pub fn begin(&mut self, person: PersonId, cell: Cell) {
        let code = self.cells.encode(cell);
        self.cell[person] = code;
        self.in_cell[usize::from(code)] += u32::from(self.weight[person]);
    }

    fn set_cell(&mut self, person: PersonId, cell: Cell) {
        let new = self.cells.encode(cell);
        let old = std::mem::replace(&mut self.cell[person], new);
        let persons = u32::from(self.weight[person]);
        self.in_cell[usize::from(old)] -= persons;
        self.in_cell[usize::from(new)] += persons;
    }

    /// Moves `person` to `cell` in `month`: the debt is settled under the old terms first, and the new
    /// cell's band is what the debt says, whatever `cell.band` holds.
    pub fn change(&mut self, person: PersonId, cell: Cell, month: u16) {
        let old = self.at(person);
        if old.whereabouts == cell.whereabouts && old.exploitation == cell.exploitation {
            // The terms of the debt stay, and so do its band and the date of its next crossing.
            self.set_cell(person, Cell { band: old.band, ..cell });
            return;
        }
        let debt = self.settle(person, month);
        self.records[person].since = month;
        self.set_cell(person, Cell { band: band(debt), ..cell });
        self.schedule_crossing(person, debt, cell, month);
    }

    /// The terms under which `person`, in `cell`, repays.
    fn terms(&self, person: PersonId, cell: Cell) -> Terms {
        Terms {
            whereabouts: cell.whereabouts,
            exploitation: cell.exploitation,
            bonded: cell.exploitation != Exploitation::None && self.records[person].flags & BOND != 0,
        }
    }

    /// The debt of `person` in `month`, in W.
    #[must_use]
    pub fn debt(&self, person: PersonId, month: u16) -> f64 {
        let record = &self.records[person];
        let base = f64::from(record.debt);
        if base <= 0.0 {
            return 0.0;
        }
        let months = usize::from(month - record.debt_month);
        self.debts.after(base, self.debts.pay(self.terms(person, self.at(person))), months)
    }

    /// Brings the debt of `person` up to `month`, booking what was accrued and repaid, and returns it.
    pub fn settle(&mut self, person: PersonId, month: u16) -> f64 {
        let base = f64::from(self.records[person].debt);
        let months = usize::from(month - self.records[person].debt_month);
        self.records[person].debt_month = month;
        if base <= 0.0 || months == 0 {
            return base.max(0.0);
        }
        let pay = self.debts.pay(self.terms(person, self.at(person)));
        let settled = self.debts.book(base, pay, months, self.persons(person));
        self.records[person].debt = settled;
        f64::from(settled)
    }

    /// `person` takes up `amount` of debt (in W) owed to `holder`; what lies beyond 6W nobody lends.
    pub fn borrow(&mut self, person: PersonId, amount: f64, holder: Holder, month: u16) {
        let before = self.settle(person, month);
        let after = ((before + amount).min(MAX_DEBT)) as f32;
        self.debts.borrowed += (f64::from(after) - before) * self.persons(person);
        self.set_debt(person, after, month);
        if amount > 0.0 {
            self.set_holder(person, holder);
        }
    }

    /// Relieves `person` of up to `amount` of debt, in W; returns how much was relieved.
    pub fn relieve(&mut self, person: PersonId, amount: f64, month: u16) -> f64 {
        let before = self.settle(person, month);
        let after = (before - amount).max(0.0) as f32;
        let relieved = before - f64::from(after);
        self.debts.relieved += relieved * self.persons(person);
        self.set_debt(person, after, month);
        relieved
    }

    fn set_debt(&mut self, person: PersonId, debt: f32, month: u16) {
        self.records[person].debt = debt;
        self.records[person].debt_month = month;
        let cell = self.at(person);
        let new = band(f64::from(debt));
        if new != cell.band {
            self.set_cell(person, Cell { band: new, ..cell });
        }
        if debt <= 0.0 {
            self.set_holder(person, Holder::Nobody);
        }
        self.schedule_crossing(person, f64::from(debt), cell, month);
    }

    fn schedule_crossing(&mut self, person: PersonId, debt: f64, cell: Cell, month: u16) {
        let pay = self.debts.pay(self.terms(person, cell));
        if let Some(months) = self.debts.months_to_crossing(debt, pay)
            && let Some(bucket) = self.crossings.get_mut(usize::from(month) + months)
        {
            bucket.push(person);
        }
    }

    /// Brings the debt bands of everybody whose debt crosses an edge by `month` up to date, and returns who is out of
    /// debt. A stale entry finds the band right already and is dropped.
    pub fn cross_bands(&mut self, month: u16) -> Vec<PersonId> {
        let mut free = Vec::new();
        for batch in std::mem::take(&mut self.crossings[usize::from(month)]).chunks(BATCH) {
            self.prefetch(batch.iter().copied());
            for person in batch {
                if self.cross_band(*person, month) {
                    free.push(*person);
                }
            }
        }
        free
    }

    fn cross_band(&mut self, person: PersonId, month: u16) -> bool {
        let debt = self.debt(person, month);
        let cell = self.at(person);
        let new = band(debt);
        if new != cell.band {
            self.set_cell(person, Cell { band: new, ..cell });
            if new == 0 {
                self.settle(person, month);
                return true;
            }
            self.schedule_crossing(person, debt, cell, month);
        } else if self.debts.months_to_crossing(debt, self.debts.pay(self.terms(person, cell))) == Some(1) {
            // The crossing lies within a month of the estimate, which rounds down.
            self.schedule_crossing(person, debt, cell, month);
        }
        false
    }

    /// `person` comes back within six months after `month`, at the quantile `u`, through a broker.
    pub fn come_back(&mut self, person: PersonId, month: u16, u: f64) {
        let back = usize::from(month) + 1 + (u * 6.0) as usize;
        if let Some(bucket) = self.comebacks.get_mut(back) {
            bucket.push(person);
        }
    }

    /// The sum of all debts in `month`, in W.
    #[must_use]
    pub fn total_debt(&self, month: u16) -> f64 {
        self.all().map(|person| self.debt(person, month) * self.persons(person)).sum()
    }

    /// True for women and girls.
    #[must_use]
    pub fn woman(&self, person: PersonId) -> bool {
        self.records[person].flags & WOMAN != 0
    }

    /// True for minors: a fixed cohort type, since nobody ages in the model.
    #[must_use]
    pub fn minor(&self, person: PersonId) -> bool {
        self.records[person].flags & MINOR != 0
    }

    /// Sets sex and age group, once.
    pub fn set_type(&mut self, person: PersonId, woman: bool, minor: bool) {
        let flags = &mut self.records[person].flags;
        *flags = (*flags & !(WOMAN | MINOR)) | if woman { WOMAN } else { 0 } | if minor { MINOR } else { 0 };
    }

    /// True for somebody who was exploited when detained as an offender.
    #[must_use]
    pub fn detained_victim(&self, person: PersonId) -> bool {
        self.records[person].flags & DETAINED_VICTIM != 0
    }

    /// Remembers until detention ends whether `person` was exploited when detained.
    pub fn mark_detained_victim(&mut self, person: PersonId, victim: bool) {
        let flags = &mut self.records[person].flags;
        *flags = (*flags & !DETAINED_VICTIM) | if victim { DETAINED_VICTIM } else { 0 };
    }

    /// How `person` is confined: a sum of [`DOCUMENTS`], [`BOND`], [`LOCKED`].
    #[must_use]
    pub fn confinement(&self, person: PersonId) -> u8 {
        self.records[person].flags & (DOCUMENTS | BOND | LOCKED)
    }

    /// Sets how `person` is confined in `month`. A bond changes the terms of the debt, which is settled first.
    pub fn confine(&mut self, person: PersonId, confinement: u8, month: u16) {
        let bond = (self.records[person].flags ^ confinement) & BOND != 0;
        if bond {
            self.settle(person, month);
        }
        let flags = &mut self.records[person].flags;
        *flags = (*flags & !(DOCUMENTS | BOND | LOCKED)) | confinement;
        if bond {
            self.schedule_crossing(person, f64::from(self.records[person].debt), self.at(person), month);
        }
    }

    /// To whom `person` owes the debt.
    #[must_use]
    pub fn holder(&self, person: PersonId) -> Holder {
        match self.records[person].flags & HOLDER {
            0 => Holder::Nobody,
            32 => Holder::Lender,
            64 => Holder::Recruiter,
            _ => Holder::Employer,
        }
    }

    /// Sets to whom `person` owes the debt.
    pub fn set_holder(&mut self, person: PersonId, holder: Holder) {
        let bits = match holder {
            Holder::Nobody => 0,
            Holder::Lender => 32,
            Holder::Recruiter => 64,
            Holder::Employer => HOLDER,
        };
        let flags = &mut self.records[person].flags;
        *flags = (*flags & !HOLDER) | bits;
    }

    /// The place that stands for home (or the queue) in a cell of `person`.
    #[must_use]
    pub fn home_cell(&self, person: PersonId, whereabouts: Whereabouts) -> Cell {
        let origin = self.origin(person);
        let citizen = origin + 2 == self.layout.starts.len();
        Cell {
            whereabouts,
            exploitation: Exploitation::None,
            legal: if citizen { Legal::Citizen } else { Legal::Irregular },
            band: 0,
            tercile: 0,
            sector: u8::from(self.minor(person)),
            zone: origin as u8,
        }
    }

    /// Gives `person` a permit until `until`, watched by the calendar.
    pub fn give_permit(&mut self, person: PersonId, until: u16) {
        self.records[person].permit = until;
        if let Some(bucket) = self.lapses.get_mut(usize::from(until)) {
            bucket.push(person);
        }
    }
}

/// The persons of whom `wanted` is true, in order, where `values` holds what is asked of each.
///
/// Each place is written and then kept or not, so that no branch hangs on who is wanted: a month asks this of everybody seven times.
fn those<T>(values: &[T], wanted: impl Fn(&T) -> bool) -> Vec<PersonId> {
    let mut found = Vec::new();
    for (values, first) in values.chunks(BATCH).zip((0u32..).step_by(BATCH)) {
        let mut block = [PersonId::NONE; BATCH];
        let mut filled = 0;
        for (value, person) in values.iter().zip(first..) {
            block[filled % BATCH] = PersonId(person);
            filled += usize::from(wanted(value));
        }
        found.extend_from_slice(&block[..filled]);
    }
    found
}

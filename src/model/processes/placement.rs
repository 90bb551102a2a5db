//! Placement: the employer, and conditions at arrival.
//!
//! Whoever is on the way arrives at an employer and is forced from the first day or not, by rule 5 as it stands in `moves::employment`. Communities hear of
//! it: an arrival that went well or badly tells what a legal status and what brokers' word are worth.

use super::super::ledgers::indicators::Indicator;
use super::super::moves::employment::{Job, find_employer, forced_at_arrival, prefetch_villagers, take_job};
use super::super::moves::status::grant_permit;
use super::super::setting::Setting;
use super::super::state::State;
use super::super::state::cells::{Legal, Whereabouts};
use super::super::state::ids::EmployerId;
use super::super::state::institutions::{Route, Traveller};
use super::super::state::persons::BATCH;
use crate::draws::Luck;

/// Places everybody who is on the way.
pub fn placement(state: &mut State, setting: &Setting, luck: &Luck) {
    open_vacancies(state, setting);
    let travellers = std::mem::take(&mut state.institutions.desk.travellers);
    let mut recruited = (0.0, 0.0);
    for batch in travellers.chunks(BATCH) {
        state.persons.prefetch(batch.iter().map(|traveller| traveller.person));
        let free = batch.iter().filter(|traveller| traveller.sector.is_none());
        prefetch_villagers(state, setting, luck, free.map(|traveller| traveller.person));
        for traveller in batch {
            let persons = state.persons.persons(traveller.person);
            let arrivals = match traveller.route {
                Route::Mou => Some(Indicator::ArrivalsMou),
                Route::Broker => Some(Indicator::ArrivalsBroker),
                Route::Network => Some(Indicator::ArrivalsNetwork),
                Route::Citizen => Some(Indicator::ArrivalsCitizens),
                Route::Again => None,
            };
            if let Some(arrivals) = arrivals {
                state.count(arrivals, persons);
            }
            recruited.0 += if traveller.route == Route::Broker { persons } else { 0.0 };
            recruited.1 += if matches!(traveller.route, Route::Broker | Route::Mou) { persons } else { 0.0 };
            arrive(state, setting, luck, *traveller);
        }
    }
    if recruited.1 > 0.0 {
        state.ledger.set(Indicator::InformalShare, recruited.0 / recruited.1);
    }
}

/// Running sums of vacancies, as they stand at the start of the process, in agents. An employer that is full still
/// takes the odd worker: a twentieth of its size.
fn open_vacancies(state: &mut State, setting: &Setting) {
    let mut vacancies = std::mem::take(&mut state.employers.vacancies);
    let demand = state.institutions.pressure.demand;
    vacancies.fill((0..state.employers.len() as u32).map(|employer| {
        let employer = EmployerId(employer);
        let wanted = state.employers.wanted(employer) * demand;
        (wanted - f64::from(state.employers.workers[employer])).max(wanted / 20.0) / state.scale
    }));
    state.employers.vacancies = vacancies;
    for (sector, profile) in setting.country.sectors.iter().enumerate() {
        let all = super::super::moves::employment::vacancies(state, sector);
        for (suiting, share) in state.employers.suiting.iter_mut().zip([false, true].map(|women| profile.share_of(women))) {
            suiting[sector] = all * share;
        }
    }
}

/// One traveller arrives.
fn arrive(state: &mut State, setting: &Setting, luck: &Luck, traveller: Traveller) {
    let person = traveller.person;
    let Some(employer) = find_employer(state, setting, luck, person, traveller.recruiter, traveller.sector) else {
        // Nobody has work: who came home again is at home.
        return;
    };
    let legal = match traveller.route {
        Route::Mou => Legal::Mou,
        Route::Broker | Route::Network => Legal::Irregular,
        Route::Citizen | Route::Again => state.persons.home_cell(person, Whereabouts::Home).legal,
    };
    let forced = traveller.route == Route::Again || forced_at_arrival(state, setting, luck, person, traveller.recruiter, employer, legal, 1.0);
    take_job(state, setting, luck, person, legal, Job { employer, forced });
    state.persons.records[person].recruiter = traveller.recruiter;
    let persons = state.persons.persons(person);
    let community = state.persons.community(person);
    let heard = &mut state.communities.outcomes[community];
    let many = persons as f32;
    match (traveller.route, forced) {
        (Route::Mou, true) => heard.legal_bad += many,
        (Route::Mou, false) => heard.legal_good += many,
        (Route::Broker, true) => heard.broker_bad += many,
        (Route::Broker, false) => heard.broker_good += many,
        _ => {}
    }
    if legal == Legal::Mou {
        grant_permit(state, setting, person);
    }
    if legal == Legal::Irregular {
        state.institutions.desk.arrived.push(person);
    }
    if forced {
        state.count(if traveller.route == Route::Again { Indicator::Retrafficked } else { Indicator::ForcedAtArrival }, persons);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::cells::Exploitation;
    use crate::model::testing::{at_work, setting, state};

    /// 10.5 wanted: 5.5 places where five work, and a twentieth of the size where there is no room, at any scale.
    #[test]
    fn vacancies_are_what_is_wanted_and_not_there() {
        let mut setting = setting(2);
        for scale in [1.0, 5.0] {
            setting.scale = scale;
            let mut state = state(&setting);
            at_work(&mut state, 5, EmployerId(2), Legal::Mou, Exploitation::None);
            at_work(&mut state, 20, EmployerId(3), Legal::Mou, Exploitation::None);
            open_vacancies(&mut state, &setting);
            let at = |employer: usize| state.employers.vacancies.before(employer + 1) - state.employers.vacancies.before(employer);
            assert!((at(1) - 10.5).abs() < 1e-4, "{}", at(1));
            assert!((at(2) - 5.5).abs() < 1e-4, "{}", at(2));
            assert!((at(3) - 0.525).abs() < 1e-4, "{}", at(3));
        }
    }

    #[test]
    fn who_arrives_through_the_legal_channel_has_a_permit() {
        let setting = setting(20);
        let mut state = state(&setting);
        let person = super::super::super::state::ids::PersonId(0);
        let recruiter = super::super::super::state::ids::RecruiterId::NONE;
        state.institutions.desk.travellers.push(Traveller { person, route: Route::Mou, recruiter, sector: Some(0) });
        placement(&mut state, &setting, &crate::model::testing::luck());
        let cell = state.persons.at(person);
        assert_eq!((cell.whereabouts, cell.legal, cell.sector), (Whereabouts::Working, Legal::Mou, 0));
        assert_eq!(state.persons.records[person].permit, 12);
        assert!((state.ledger.get(Indicator::ArrivalsMou) - 1.0).abs() < 1e-12);
        let community = state.persons.community(person);
        assert!((state.communities.outcomes[community].legal_good - 1.0).abs() < 1e-6);
    }
}

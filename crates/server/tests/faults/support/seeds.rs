//! People, friendships and groups that are there from the start, by `rookery bench seed`.

use super::{Person, Place};

/// Who was made. People 2k and 2k+1 (from 0) are friends.
pub(crate) struct Seeds {
    pub(crate) people: Vec<Person>,
    pub(crate) groups: Vec<Group>,
}

/// A group and its members.
pub(crate) struct Group {
    pub(crate) id: i64,
    pub(crate) members: Vec<i64>,
}

impl Seeds {
    /// Fills a place in which no server has run yet.
    pub(crate) fn sow(place: &Place, users: usize, groups: usize, group_size: usize) -> Self {
        let out = place.scratch().join("seeds");
        let (users, groups) = (users.to_string(), groups.to_string());
        let size = group_size.to_string();
        let out_name = out.to_str().unwrap();
        let words = ["bench", "seed", "--users", &users, "--groups", &groups, "--group-size"];
        place.run_well(&[&words[..], &[&size, "--out", out_name]].concat());
        let text = std::fs::read_to_string(out).unwrap();
        let mut seeds = Self { people: Vec::new(), groups: Vec::new() };
        for line in text.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            match fields[..] {
                ["group", id, members] => seeds.groups.push(Group {
                    id: id.parse().unwrap(),
                    members: members.split(',').map(|id| id.parse().unwrap()).collect(),
                }),
                [id, token, direct] => seeds.people.push(Person::new(
                    place.origin(),
                    token,
                    id.parse().unwrap(),
                    direct.parse().unwrap(),
                )),
                _ => panic!("no line of seeds: {line}"),
            }
        }
        seeds
    }

    /// The person with this id.
    pub(crate) fn person(&self, id: i64) -> &Person {
        self.people.iter().find(|person| person.id == id).expect("members are people")
    }
}

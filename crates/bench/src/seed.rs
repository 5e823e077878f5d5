//! Reads the file that `rookery bench seed` writes.

use anyhow::{Context as _, bail};

/// How much is seeded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Amount {
    pub(crate) users: usize,
    pub(crate) groups: usize,
    pub(crate) group_size: usize,
    pub(crate) messages: usize,
}

/// Somebody with a token, and the conversation with their friend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) id: i64,
    pub(crate) token: String,
    pub(crate) direct: i64,
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) id: i64,
    pub(crate) members: Vec<i64>,
}

/// Everybody. People 2k and 2k + 1, from 0, are friends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seeds {
    pub(crate) people: Vec<Person>,
    pub(crate) groups: Vec<Group>,
}

impl Seeds {
    /// Parses the whole file.
    ///
    /// # Errors
    /// At the first line of another shape.
    pub(crate) fn parse(text: &str) -> anyhow::Result<Self> {
        let mut seeds = Self::default();
        for (index, line) in text.lines().enumerate() {
            seeds.line(line).with_context(|| format!("line {} of the seeds", index + 1))?;
        }
        Ok(seeds)
    }

    fn line(&mut self, line: &str) -> anyhow::Result<()> {
        let fields: Vec<&str> = line.split('\t').collect();
        match fields[..] {
            ["group", id, members] => {
                let members = members.split(',').map(str::parse).collect::<Result<_, _>>()?;
                self.groups.push(Group { id: id.parse()?, members });
            }
            [id, token, direct] => self.people.push(Person {
                id: id.parse()?,
                token: token.to_owned(),
                direct: direct.parse()?,
            }),
            _ => bail!("expected three fields, found {}", fields.len()),
        }
        Ok(())
    }

    /// The first `count` pairs of friends.
    pub(crate) fn pairs(&self, count: usize) -> impl Iterator<Item = (&Person, &Person)> {
        self.people.chunks_exact(2).take(count).map(|pair| (&pair[0], &pair[1]))
    }

    /// The n-th person, from 0.
    ///
    /// # Errors
    /// When there are fewer.
    pub(crate) fn person(&self, n: usize) -> anyhow::Result<&Person> {
        self.people.get(n).context("too few people are seeded")
    }

    /// The first group.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn group(&self) -> anyhow::Result<&Group> {
        self.groups.first().context("no group is seeded")
    }

    /// `count` people, spread over all of them; some more than once if there are fewer.
    pub(crate) fn spread(&self, count: usize) -> impl Iterator<Item = &Person> {
        // Prime, and so large that neighbours are in other conversations.
        const STRIDE: usize = 7_919;
        (0..count).filter_map(|n| self.people.get(n * STRIDE % self.people.len().max(1)))
    }

    /// The members of a group, as people.
    pub(crate) fn members<'a>(&'a self, group: &'a Group) -> impl Iterator<Item = &'a Person> {
        let first = self.people.first().map_or(0, |person| person.id);
        // Account numbers are dense: the n-th person has the n-th number.
        group.members.iter().filter_map(move |id| {
            self.people.get(usize::try_from(id - first).ok()?).filter(|person| person.id == *id)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_and_members_are_found() {
        let text = "10001\ta\t5\n10002\tb\t5\n10003\tc\t6\n10004\td\t6\ngroup\t7\t10002,10004\n";
        let seeds = Seeds::parse(text).unwrap();
        let pairs: Vec<_> = seeds.pairs(9).map(|(one, two)| (one.id, two.id)).collect();
        assert_eq!(pairs, [(10_001, 10_002), (10_003, 10_004)]);
        let members: Vec<_> = seeds.members(&seeds.groups[0]).map(|person| person.id).collect();
        assert_eq!(members, [10_002, 10_004]);
        assert!(Seeds::parse("10001\ta\n").is_err());
        assert!(Seeds::parse("x\ta\t5\n").is_err());
    }
}

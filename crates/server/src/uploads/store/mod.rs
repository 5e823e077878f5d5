//! All SQL over `avatars`, `uploads`, `attachments` and `article_images`.

mod articles;
mod attachments;
mod avatars;
mod uploads;

pub(super) use articles::{
    drop_pictures, keep_pictures, picture_in, pictures, pictures_for, pictures_of,
};
pub(super) use attachments::{Link, behind, forget_owner, let_go, link, placed, unlink, wanted};
pub(super) use avatars::{StoredPicture, avatar, delete_avatars, insert_avatar};
pub(super) use uploads::{
    Completed, NewUpload, Preview, Stored, complete, delete, expired, find, insert, unknown_ids,
    unknown_objects, used,
};
pub(crate) use uploads::{keep_unsent, of_owner, totals};

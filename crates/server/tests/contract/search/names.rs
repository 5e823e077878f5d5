//! People and groups, by all their names, as written and as they sound.

use rookery::search::catch_up;
use serde_json::{Value, json};

use super::search;
use crate::support::{
    Client, TestApp, both_engines,
    talk::{befriend, group},
};

/// Names of the people found, in order.
async fn people(who: &Client, query: &str) -> Vec<String> {
    let found = search(who, query, "kind=people").await;
    let name = |found: &Value| found["user"]["name"].as_str().unwrap().to_owned();
    found["people"].as_array().unwrap().iter().map(name).collect()
}

/// Names of the groups found, in order.
async fn groups(who: &Client, query: &str) -> Vec<String> {
    let found = search(who, query, "kind=groups").await;
    let name = |found: &Value| found["group"]["name"].as_str().unwrap().to_owned();
    found["groups"].as_array().unwrap().iter().map(name).collect()
}

async fn rename(who: &Client, name: &str) {
    assert_eq!(who.patch("/me", json!({"name": name})).await.status, 200);
}

both_engines! {
    async fn people_are_found_by_any_of_their_names(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let cat = app.person("cat_1999").await;
        rename(&ben, "張三豐").await;
        rename(&cat, "重庆小面").await;
        befriend(&ann, &cat).await;
        let remark = json!({"remark": "楼下老板"});
        assert_eq!(ann.patch(&format!("/friends/{}", cat.id()), remark).await.status, 200);
        for indexed in [false, true] {
            if indexed {
                catch_up(&app.state).await.unwrap();
            }
            for query in ["张三", "三丰", "丰", "zhangsan", "zsf", "ZSF", "zhang san", "ben", "en"] {
                assert_eq!(people(&ann, query).await, ["張三豐"], "{query}");
            }
            for query in
                ["chongqing", "zhongqing", "cq", "小面", "1999", "cat_", "老板", "loux", "lxlb"]
            {
                assert_eq!(people(&ann, query).await, ["重庆小面"], "{query}");
            }
            assert_eq!(people(&ann, &ben.id().to_string()).await, ["張三豐"]);
            assert!(people(&ben, "老板").await.is_empty(), "a remark is one's own");
            assert!(people(&ann, "李四").await.is_empty());
        }
        let found = search(&ann, "lb", "kind=people").await["people"][0].clone();
        assert_eq!(found["remark"], json!("楼下老板"));
        assert_eq!(found["by"], json!("remark"));
        assert_eq!((&found["ranges"], &found["acquaintance"]), (&json!([[2, 4]]), &json!("friend")));
        rename(&ben, "李四").await;
        for _ in 0..2 {
            assert_eq!(people(&ann, "lisi").await, ["李四"]);
            assert!(people(&ann, "zsf").await.is_empty());
            catch_up(&app.state).await.unwrap();
        }
    }

    async fn friends_come_first_and_then_those_in_the_same_group(app: TestApp) {
        let ann = app.person("ann").await;
        let (far, near, friend) =
            (app.person("far").await, app.person("near").await, app.person("friend").await);
        rename(&far, "王").await;
        rename(&near, "王一").await;
        rename(&friend, "老王一一").await;
        befriend(&ann, &friend).await;
        group(&near, "club", &[&ann]).await;
        for _ in 0..2 {
            assert_eq!(people(&ann, "王").await, ["老王一一", "王一", "王"]);
            assert_eq!(people(&ann, "wang").await, ["老王一一", "王一", "王"]);
            let found = search(&ann, "王", "kind=people&limit=2").await;
            assert_eq!(found["people"].as_array().unwrap().len(), 2);
            assert_eq!(found["people"][1]["acquaintance"], json!("group_member"));
            catch_up(&app.state).await.unwrap();
        }
    }

    async fn groups_are_found_and_tell_only_what_anybody_may_see(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let hers = group(&ann, "长春行者", &[]).await;
        group(&ben, "春游长跑", &[]).await;
        let words = json!({"announcement": "only for members"});
        assert_eq!(ann.patch(&format!("/groups/{hers}"), words).await.status, 200);
        for _ in 0..2 {
            for query in ["长春", "changchun", "zhangchun", "cc", "xingzhe", "hangzhe", "長春行"] {
                assert_eq!(groups(&ann, query).await, ["长春行者"], "{query}");
            }
            assert_eq!(groups(&ben, "春").await, ["春游长跑", "长春行者"]);
            assert_eq!(groups(&ann, "春").await, ["长春行者", "春游长跑"]);
            assert_eq!(groups(&ben, &hers.to_string()).await, ["长春行者"]);
            let found = search(&ben, "行者", "kind=groups").await["groups"][0].clone();
            assert_eq!(found["group"]["announcement"], json!(""));
            assert_eq!(found["is_member"], json!(false));
            catch_up(&app.state).await.unwrap();
        }
        assert_eq!(ann.delete(&format!("/groups/{hers}")).await.status, 204);
        assert!(groups(&ben, "行者").await.is_empty());
        let all = search(&ben, "春", "").await;
        assert_eq!(all["groups"].as_array().unwrap().len(), 1);
        assert_eq!((&all["people"], &all["files"]["hits"]), (&json!([]), &json!([])));
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Tests;

public sealed class ReadTests(ApiHost api) : IClassFixture<ApiHost>
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("/api/v1/services/no/such", "there is no service 'no/such'; see orch service ls, or GET /api/v1/services")]
    [InlineData("/api/v1/tasks/nothing", "there is no task 'nothing'; give its id, or at least 4 of its first letters")]
    [InlineData("/api/v1/nodes/nobody", "nobody")]
    [InlineData("/api/v1/commands/none", "there is no command none")]
    [InlineData("/api/v1/logs?task=nothing", "there is no task 'nothing'")]
    [InlineData("/api/v1/dlq/orchestrator.scheduler.nodes_error", "the in-memory bus keeps none")]
    public async Task WhatIsNotThere_IsSaid(string path, string said) => await ProblemAsync(HttpMethod.Get, path, null, HttpStatusCode.NotFound, said);

    [Theory]
    [InlineData("/api/v1/tasks?service=web", "name its application too")]
    [InlineData("/api/v1/logs?app=shop", "name a task, or an application and a service")]
    public async Task AQuestionThatLacksSomething_IsToldWhat(string path, string said) => await ProblemAsync(HttpMethod.Get, path, null, HttpStatusCode.BadRequest, said);

    [Fact]
    public async Task Scaling_IsCheckedAtTheDoor()
    {
        await ProblemAsync(HttpMethod.Post, "/api/v1/services/no/such/scale", new { Replicas = 1 }, HttpStatusCode.NotFound, "there is no service 'no/such'");
        await ProblemAsync(HttpMethod.Post, "/api/v1/services/no/such/scale", new { Replicas = -1 }, HttpStatusCode.UnprocessableEntity, "-1 replicas cannot be");
        await ProblemAsync(HttpMethod.Post, "/api/v1/services/no/such/scale", new { }, HttpStatusCode.UnprocessableEntity, "no replicas cannot be");
        await ProblemAsync(HttpMethod.Delete, "/api/v1/apps/nothing", null, HttpStatusCode.NotFound, "nothing");
    }

    [Fact]
    public async Task Tasks_AreFoundByAPrefix_IfItIsOne()
    {
        await api.Store<ITaskStore>().InsertManyAsync([Task("abcdef01", TaskState.Running), Task("abcdef02", TaskState.Failed)], CancellationToken.None);
        Assert.Equal("abcdef01", (await api.GetAsync("/api/v1/tasks/abcdef01")).GetProperty("id").GetString());
        Assert.Equal("Failed", (await api.GetAsync("/api/v1/tasks/abcdef02")).GetProperty("state").GetString());
        await ProblemAsync(HttpMethod.Get, "/api/v1/tasks/abcd", null, HttpStatusCode.Conflict, "several tasks begin with 'abcd'");
        Assert.Single((await api.GetAsync("/api/v1/tasks?app=found")).EnumerateArray());
        Assert.Equal(2, (await api.GetAsync("/api/v1/tasks?app=found&all=true")).GetArrayLength());
    }

    [Fact]
    public async Task LogsOfANodeThatDoesNotAnswer_AreNotWaitedForForever()
    {
        await api.Store<ITaskStore>().InsertManyAsync([Task("silent-task", TaskState.Running) with { App = "silent", NodeId = "away", ContainerId = "c" }], CancellationToken.None);
        await ProblemAsync(HttpMethod.Get, "/api/v1/logs?task=silent-task", null, HttpStatusCode.GatewayTimeout, "away");
    }

    [Fact]
    public async Task AServicesReplicas_AreCountedByWhatTheyDo()
    {
        await api.Store<IServiceStore>().TryInsertAsync(
            new ServiceDocument { Id = "counted", App = "counted", Name = "web", Revision = 1, Replicas = 4, DependenciesMet = true, CreatedAt = Now, UpdatedAt = Now }, CancellationToken.None);
        await api.Store<IRevisionStore>().AddManyAsync(
            [
                new RevisionDocument
                {
                    ServiceId = "counted", Number = 1, App = "counted", TemplateHash = "h", CreatedAt = Now,
                    Spec = new ServiceSpec { Name = "web", Container = new ContainerSpec { Image = "web:1" }, Restart = new RestartPolicy { Condition = RestartCondition.OnFailure } },
                },
            ],
            CancellationToken.None);
        TaskDocument Of(string id, int slot, TaskState state, bool ready = false) => Task(id, state) with { ServiceId = "counted", App = "counted", Slot = slot, Ready = ready };
        await api.Store<ITaskStore>().InsertManyAsync(
            [Of("c1", 1, TaskState.Running, true), Of("c2", 2, TaskState.Running), Of("c3", 3, TaskState.Completed), Of("c4", 4, TaskState.Failed)], CancellationToken.None);
        var row = Assert.Single((await api.GetAsync("/api/v1/services?app=counted")).EnumerateArray());
        Assert.Equal((4, 2, 1, 1), (Number(row, "desired"), Number(row, "running"), Number(row, "ready"), Number(row, "done")));
        Assert.Equal("web:1", row.GetProperty("image").GetString());
    }

    [Fact]
    public async Task TheStatus_TellsWhatIsWrong()
    {
        await api.Store<INodeStore>().TryInsertAsync(
            new NodeDocument
            {
                Id = "lost", Name = "lost-node", Capacity = new NodeCapacity { Cpus = 2, MemoryBytes = 10 }, Platform = new NodePlatform { Os = "linux", Architecture = "x" },
                Engine = new EngineInfo { Version = "29", ApiVersion = "1" }, JoinedAt = Now, UpdatedAt = Now,
            },
            CancellationToken.None);
        await api.Store<INodeLivenessStore>().PutManyAsync([new NodeLivenessDocument { Id = "lost", Liveness = NodeLiveness.Lost, Reason = "no heartbeat for 3.5 s", LastSeenAt = Now, ChangedAt = Now }], CancellationToken.None);
        var status = await api.GetAsync("/api/v1/status");
        Assert.Contains(status.GetProperty("problems").EnumerateArray(), problem => problem.GetString() == "node lost-node is Lost since 2030-01-01 00:00:00Z: no heartbeat for 3.5 s");
        Assert.Equal("memory", status.GetProperty("bus").GetProperty("transport").GetString());
        var node = Assert.Single((await api.GetAsync("/api/v1/nodes")).EnumerateArray());
        Assert.Equal(("lost-node", "Lost"), (node.GetProperty("name").GetString(), node.GetProperty("liveness").GetString()));
        var detail = await api.GetAsync("/api/v1/nodes/lost-node");
        Assert.Equal(("lost-node", "no heartbeat for 3.5 s", Now), (detail.GetProperty("name").GetString(), detail.GetProperty("livenessReason").GetString(), detail.GetProperty("livenessSince").GetDateTimeOffset()));
    }

    [Fact]
    public async Task WhyATaskIsThere_AndWhyAnotherWaits_AreRead()
    {
        await api.Store<IServiceStore>().TryInsertAsync(
            new ServiceDocument
            {
                Id = "why", App = "why", Name = "web", Revision = 1, Replicas = 2, CreatedAt = Now, UpdatedAt = Now, UnschedulableReasons = ["n2 is paused"],
                Waiting = new TaskExplanation { At = Now, NodesLookedAt = 1, Refusals = [new RefusingNode("n2", "n2", ["is paused"])], Changes = ["activate n2"] },
            },
            CancellationToken.None);
        await api.Store<ITaskStore>().InsertManyAsync(
            [
                Task("why-placed", TaskState.Running) with
                {
                    ServiceId = "why", App = "why", NodeId = "n1", Explanation = new TaskExplanation { At = Now, NodesLookedAt = 2, Best = [new ScoredNode("n1", "n1", 61.5, [new ScoredPart("binpack", 61.5, 1)])] },
                },
                Task("why-waits", TaskState.Pending) with { ServiceId = "why", App = "why", Slot = 2 },
            ],
            CancellationToken.None);
        var placed = await api.GetAsync("/api/v1/tasks/why-placed/explanation");
        Assert.Equal((61.5, "binpack"), (placed.GetProperty("best")[0].GetProperty("score").GetDouble(), placed.GetProperty("best")[0].GetProperty("parts")[0].GetProperty("name").GetString()));
        var waits = await api.GetAsync("/api/v1/tasks/why-waits/explanation");
        Assert.Equal((true, "activate n2", "is paused"), (waits.GetProperty("waits").GetBoolean(), waits.GetProperty("changes")[0].GetString(), waits.GetProperty("refusals")[0].GetProperty("reasons")[0].GetString()));
        Assert.Equal(2, (await api.GetAsync("/api/v1/services/why/web/explanation")).GetProperty("tasks").GetArrayLength());
    }

    [Fact]
    public async Task APlanThatNoSchedulerMakes_IsNotWaitedForForever_AndBadFilesAreToldAtOnce()
    {
        await ProblemAsync(HttpMethod.Post, "/api/v1/plan", new { App = "a", Compose = "services: { web: { image: a } }" }, HttpStatusCode.GatewayTimeout, "no scheduler answers");
        await ProblemAsync(HttpMethod.Post, "/api/v1/plan", new { App = "a", Compose = "services: { web: { image: a, x-orchestrator: { priority: 500 } } }" }, HttpStatusCode.UnprocessableEntity, "1 error; nothing was planned");
    }

    [Fact]
    public async Task ANode_IsUpdatedByCommand_CheckedAtTheDoor()
    {
        await ProblemAsync(HttpMethod.Patch, "/api/v1/nodes/nobody", new { Pool = "a" }, HttpStatusCode.NotFound, "nobody");
        await api.Store<INodeStore>().TryInsertAsync(
            new NodeDocument
            {
                Id = "changing", Name = "changing", Capacity = new NodeCapacity { Cpus = 2, MemoryBytes = 10 }, Platform = new NodePlatform { Os = "linux", Architecture = "x" },
                Engine = new EngineInfo { Version = "29", ApiVersion = "1" }, JoinedAt = Now, UpdatedAt = Now,
            },
            CancellationToken.None);
        await ProblemAsync(HttpMethod.Patch, "/api/v1/nodes/changing", new { SetTaints = new[] { "nothing" } }, HttpStatusCode.UnprocessableEntity, "a taint cannot be read");
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/api/v1/nodes/changing") { Content = JsonContent.Create(new { SetTaints = new[] { "fire=1:NoExecute" }, RemoveLabels = new[] { "a" } }) };
        using var taken = await api.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        var id = (await taken.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("commandId").GetString()!;
        var stored = (await api.Store<ICommandStore>().FindAsync(id, CancellationToken.None))!;
        Assert.Equal("update-node", stored.Command);
        Assert.Contains("NoExecute", stored.Body, StringComparison.Ordinal);
        var nodes = api.Store<INodeStore>();
        await nodes.TryRemoveAsync((await nodes.FindAsync("changing", CancellationToken.None))!, Now, CancellationToken.None);
    }

    [Fact]
    public async Task Lists_ComeInPages_WhereTheyAreAskedFor()
    {
        await api.Store<ITaskStore>().InsertManyAsync(
            [.. Enumerable.Range(1, 5).Select(slot => Task($"page{slot}", slot == 3 ? TaskState.Failed : TaskState.Running) with { App = "paged", Service = slot < 3 ? "a" : "b", Slot = slot })], CancellationToken.None);
        foreach (var name in new[] { "a", "b", "c" })
        {
            await api.Store<IServiceStore>().TryInsertAsync(
                new ServiceDocument { Id = "paged-" + name, App = "paged", Name = name, Revision = 1, Replicas = 1, CreatedAt = Now, UpdatedAt = Now }, CancellationToken.None);
        }

        Assert.Equal(["page1 page2", "page4 page5"], await PagesAsync("/api/v1/tasks?app=paged&limit=2", "id"));
        Assert.Equal(["page1 page2 page3", "page4 page5"], await PagesAsync("/api/v1/tasks?app=paged&all=true&limit=3", "id"));
        Assert.Equal(["page4", "page5"], await PagesAsync("/api/v1/tasks?app=paged&service=b&limit=1", "id"));
        Assert.Equal(["page1 page2 page4 page5"], await PagesAsync("/api/v1/tasks?app=paged", "id"));
        Assert.Equal(["a b", "c"], await PagesAsync("/api/v1/services?app=paged&limit=2", "name"));
        await ProblemAsync(HttpMethod.Get, "/api/v1/tasks?limit=2&after=nonsense", null, HttpStatusCode.BadRequest, "take it as the Link header");
        await ProblemAsync(HttpMethod.Get, "/api/v1/nodes?limit=2&after=nonsense", null, HttpStatusCode.BadRequest, "take it as the Link header");
    }

    /// <returns>Each page's items, found by following the links.</returns>
    private async Task<IReadOnlyList<string>> PagesAsync(string path, string property)
    {
        var pages = new List<string>();
        for (string? next = path; next is not null;)
        {
            using var response = await api.Http.GetAsync(new Uri(next, UriKind.Relative));
            var items = await response.Content.ReadFromJsonAsync<JsonElement>();
            pages.Add(string.Join(' ', items.EnumerateArray().Select(item => item.GetProperty(property).GetString())));
            next = response.Headers.TryGetValues("Link", out var links) ? links.Single().Split('<', '>')[1] : null;
        }

        return pages;
    }

    private static int Number(JsonElement row, string name) => row.GetProperty(name).GetInt32();

    private static TaskDocument Task(string id, TaskState state) => new()
    {
        Id = id, App = "found", Service = "web", ServiceId = "s", Slot = 1, Revision = 1, TemplateHash = "h", Attempt = 1, Image = "web:1", State = state, CreatedAt = Now, UpdatedAt = Now,
    };

    private async Task ProblemAsync(HttpMethod method, string path, object? body, HttpStatusCode status, string said)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await api.Http.SendAsync(request);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains(said, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}

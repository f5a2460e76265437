using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Api.Posts;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.State;

namespace Orchestrator.Api.Tests;

/// <summary>What applications post of their tasks over the bus goes to the node of each, or back with all that is wrong with it.</summary>
public sealed class TaskPostTests : IAsyncLifetime
{
    private ApiHost _api = null!;

    private Received Nodes => _api.Store<Received>();

    public async ValueTask InitializeAsync()
    {
        _api = await ApiHost.StartAsync(new ApiHost
        {
            OnTheBus = new BusService(
                bus => bus.AddConsumer<Node>(),
                (bus, context) =>
                {
                    foreach (var node in new[] { "n1", "n2" })
                    {
                        bus.ReceiveEndpoint(NodeQueue.Name(node), endpoint => endpoint.ConfigureConsumer<Node>(context));
                    }
                }),
            Change = services => services.AddSingleton<Received>(),
        });
        await _api.Store<IRevisionStore>().AddManyAsync(
            [
                new RevisionDocument
                {
                    ServiceId = "s", Number = 1, App = "shop", TemplateHash = "h", CreatedAt = DateTimeOffset.UnixEpoch,
                    Spec = new ServiceSpec { Name = "web", Container = new ContainerSpec { Image = "i" }, Probes = new ProbesSpec { Readiness = new ProbeSpec { Posted = new PostedProbeSpec() } } },
                },
            ],
            CancellationToken.None);
        await _api.Store<ITaskStore>().InsertManyAsync(
            [Document("one", "n1"), Document("two", "n2"), Document("three", "n1"), Document("ended", "n1") with { State = TaskState.Failed }, Document("waits", null) with { State = TaskState.Pending }],
            CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task WhatIsSaid_GoesToTheNodeOfTheTask()
    {
        await PostAsync("one", """{"ready": true, "load": 0.5}""", order: 7);
        await PostAsync("two", """{"ready": false, "message": "the cache is cold"}""");
        Assert.Equal(new TaskPost { TaskId = "one", Order = 7, Health = new HealthPost { Ready = true, Load = 0.5 } }, Assert.Single(await ReceivedAsync("n1", 1)));
        Assert.Equal(new TaskPost { TaskId = "two", Health = new HealthPost { Ready = false, Message = "the cache is cold" } }, Assert.Single(await ReceivedAsync("n2", 1)));
        Assert.Empty(await RejectionsAsync(0));
    }

    [Fact]
    public async Task ManyOfATask_StayInTheirOrder_AndADoubleIsPassedOnAlike()
    {
        await PostAsync("one", """{"load": 1}""");
        await PostAsync("one", """{"load": 1}""");
        await PostAsync("one", """{"load": 2}""");
        await PostAsync("three", """{"load": 9}""");
        await PostAsync("one", """{"load": 3}""");
        var posts = await ReceivedAsync("n1", 5);
        Assert.Equal([1.0, 1.0, 2.0, 3.0], posts.Where(post => post.TaskId == "one").Select(post => post.Health.Load!.Value));
    }

    [Theory]
    [InlineData("nothing", """{"redy": true, "load": -1}""", "taskId: there is no task 'nothing'; ORCHESTRATOR_TASK_ID in the container's environment says it|health: redy: there is no such member; write ready, live, load or message|health: load: write a number, 0 or more")]
    [InlineData(null, null, "taskId: it is missing; ORCHESTRATOR_TASK_ID in the container's environment says it|health: it is missing; write a JSON object such as {\"ready\": true, \"load\": 0.4}")]
    [InlineData("ended", """{"ready": true}""", "taskId: task 'ended' has ended (Failed); nothing is left that could be ready or live")]
    [InlineData("waits", """{"ready": true}""", "taskId: task 'waits' is on no node yet; post when its container runs")]
    [InlineData("one", """{"ready": "yes", "live": true}""", "health: ready: write true or false|health: live: the service's liveness is not posted; write x-orchestrator: { probes: { liveness: { posted: {} } } } in its Compose file, or leave live out")]
    [InlineData("one", """{"ready": true, "ready": false}""", "health: the body cannot be read; write a JSON object such as {\"ready\": true, \"load\": 0.4}")]
    [InlineData("one", "7", "health: write a JSON object such as {\"ready\": true, \"load\": 0.4}")]
    public async Task WhatCannotBeTaken_IsAnswered_WithAllThatIsWrong(string? task, string? health, string errors)
    {
        await PostAsync(task, health);
        var rejection = Assert.Single(await RejectionsAsync(1));
        Assert.Equal(errors, string.Join('|', rejection.GetProperty("errors").EnumerateArray()));
        Assert.Equal(("post-task-health", ""), (rejection.Text("command"), rejection.Text("commandId")));
        Assert.Equal(task is "ended" or "one" or "waits" ? $"{task} shop web" : "  ", $"{rejection.Text("taskId")} {rejection.Text("app")} {rejection.Text("service")}");
        Assert.Empty(Nodes.Posts);
    }

    [Fact]
    public async Task ABodyThatIsTooLong_IsRefused()
    {
        await PostAsync("one", $$"""{"message": "{{new string('x', 1024)}}"}""");
        Assert.Equal("the body is longer than 1024 bytes; write taskId, order and health alone", Assert.Single(await RejectionsAsync(1)).GetProperty("errors")[0].GetString());
    }

    [Fact]
    public async Task OfPostsWithoutEnd_TenInASecondAreTaken_AndNotAllOfTheOthersAreToldOf()
    {
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => PostAsync("one", $$"""{"load": {{i.ToString(CultureInfo.InvariantCulture)}}}""")));
        await PostAsync("two", """{"load": 1}""");
        await ReceivedAsync("n2", 1);
        var rejections = await RejectionsAsync(1);
        Assert.StartsWith("more than 10 posts of the task in a second", rejections[0].GetProperty("errors")[0].GetString(), StringComparison.Ordinal);

        // A batch or two may reach into the next second.
        Assert.InRange(Nodes.Posts.Count(post => post.TaskId == "one"), 10, 50);
        Assert.InRange(rejections.Count, 1, 50);
    }

    [Theory]
    [InlineData("guest", "shop", "")]
    [InlineData("app.shop", "shop", "")]
    [InlineData("app.shop", null, "")]
    [InlineData("app.other", "shop", "taskId: user 'app.other' speaks for tasks of application 'other' alone")]
    [InlineData("app.sho", "shop", "taskId: user 'app.sho' speaks for tasks of application 'sho' alone")]
    [InlineData(null, "shop", "user_id: it is missing; set this property of the message to the broker's user that sends it")]
    public void AnApplicationsUser_SpeaksForItsOwnTasksAlone(string? sender, string? app, string faults) =>
        Assert.Equal(faults, string.Join('|', PostRules.OfSender(sender, app)));

    private static TaskDocument Document(string id, string? node) => new()
    {
        Id = id, App = "shop", Service = "web", ServiceId = "s", Slot = 1, Revision = 1, TemplateHash = "h", Attempt = 1, Image = "i", NodeId = node,
        State = TaskState.Running, CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch,
    };

    private Task PostAsync(string? task, string? health, long? order = null) =>
        _api.Bus.Publish(new PostTaskHealth { TaskId = task, Order = order, Health = health is null ? null : JsonDocument.Parse(health).RootElement.Clone() });

    private async Task<IReadOnlyList<TaskPost>> ReceivedAsync(string node, int count) => [.. (await Until.IsAsync(
        () => Task.FromResult(Nodes.Posts.Where(post => Nodes.NodeOf[post.TaskId] == node).ToList()), posts => posts.Count >= count, $"{node} gets {count}"))];

    private async Task<IReadOnlyList<JsonElement>> RejectionsAsync(int count) => [.. (await Until.IsAsync(
        async () => (await _api.GetAsync("/api/v1/events?type=command-rejected")).EnumerateArray().Select(item => item.GetProperty("body")).ToList(),
        rejections => rejections.Count >= count,
        $"{count} are answered"))];

    private sealed class Received
    {
        public ConcurrentQueue<TaskPost> Posts { get; } = new();

        public ConcurrentDictionary<string, string> NodeOf { get; } = new();
    }

    private sealed class Node(Received received) : IConsumer<TakeTaskPosts>
    {
        public Task Consume(ConsumeContext<TakeTaskPosts> context)
        {
            foreach (var post in context.Message.Posts)
            {
                received.NodeOf[post.TaskId] = context.Message.NodeId;
                received.Posts.Enqueue(post);
            }

            return Task.CompletedTask;
        }
    }
}

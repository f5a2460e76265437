using System.Net;
using System.Text.Json;
using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Tests;

public sealed class StoreAwayTests(ApiHost api) : IClassFixture<ApiHost>
{
    public static TheoryData<string, string, string?> Requests => new()
    {
        { "GET", "apps", null },
        { "GET", "apps/shop", null },
        { "DELETE", "apps/shop", null },
        { "PUT", "apps/shop", """{"services":[]}""" },
        { "POST", "deploy", """{"app":"shop","compose":"services: { web: { image: 'web:1' } }"}""" },
        { "GET", "commands/x", null },
        { "GET", "commands/x?wait=5", null },
        { "GET", "services", null },
        { "GET", "services/shop/web", null },
        { "POST", "services/shop/web/scale", """{"replicas":2}""" },
        { "GET", "tasks", null },
        { "GET", "tasks/abcd", null },
        { "GET", "logs?task=abcd", null },
        { "GET", "nodes", null },
        { "GET", "nodes/n1", null },
        { "GET", "events", null },
        { "GET", "status", null },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task WithoutTheStore_ARequestIsAnswered503_InOneLine(string method, string path, string? body)
    {
        foreach (var tokensAreThere in new[] { false, true })
        {
            (api.Outage.StoreIsAway, api.Outage.TokensAreThere) = (true, tokensAreThere);
            try
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/" + path)
                {
                    Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
                };
                using var response = await api.Http.SendAsync(request);
                var text = await response.Content.ReadAsStringAsync();
                Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
                Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
                Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
                Assert.StartsWith("the store cannot be reached; ", JsonSerializer.Deserialize<JsonElement>(text).Text("detail"), StringComparison.Ordinal);
                Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
                Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
            }
            finally
            {
                api.Outage.StoreIsAway = false;
            }
        }
    }

    [Fact]
    public async Task WhatWasRefused_CanBeAskedAgain_WithTheSameKey()
    {
        api.Outage.StoreIsAway = true;
        using (var refused = await api.DeployAsync(new { App = "again", Compose = "services: { web: { image: 'web:1' } }" }, "key-1"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        using (var ready = await api.Http.GetAsync(new Uri("/healthz/ready", UriKind.Relative)))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        }

        api.Outage.StoreIsAway = false;
        Assert.DoesNotContain(api.Taken.Commands, command => command.App == "again");
        using var taken = await api.DeployAsync(new { App = "again", Compose = "services: { web: { image: 'web:1' } }" }, "key-1");
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        Assert.Equal("Accepted", (await api.GetAsync("/api/v1/commands/key-1?wait=20")).Text("state"));
    }

    [Fact]
    public async Task AStream_StaysOpen_AndGoesOnWhereItWas()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events?app=open");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var response = await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        api.Outage.StoreIsAway = true;
        await api.Bus.Publish(new HistoryAppended { LastSequence = 1 });
        api.Outage.StoreIsAway = false;
        await api.Bus.Publish(ApiHost.Event("after", "open"));
        Assert.Equal("after", await EventTests.NextAsync(reader));
    }

    [Fact]
    public async Task TheAnswerToACommandFromTheBus_IsFoundByItsId()
    {
        await api.Store<ICommandResultStore>().AddManyAsync(
            [
                new CommandAnswer
                {
                    CommandId = "outside", Command = "scale-service", App = "shop", Outcome = CommandOutcome.Rejected, Errors = ["there is no such service"],
                    EventId = "e", AnsweredAt = DateTimeOffset.UnixEpoch.AddYears(60),
                },
            ],
            CancellationToken.None);
        var command = await api.GetAsync("/api/v1/commands/outside");
        Assert.Equal(("Rejected", "scale-service", "shop", ""), (command.Text("state"), command.Text("command"), command.Text("app"), command.Text("createdAt")));
        Assert.Equal("there is no such service", command.GetProperty("errors")[0].GetString());
    }

    [Fact]
    public async Task AComposeFileFromTheBus_WithFaults_IsRejectedOnce_AndItsAnswerIsFound()
    {
        var bad = new DeployCompose { CommandId = "bad-compose", App = "bad", Compose = "services: { web: { imagee: a } }" };
        await api.Bus.Publish(bad);
        var events = await Until.IsAsync(() => api.GetAsync("/api/v1/events?commandId=bad-compose"), seen => seen.GetArrayLength() == 1, "the rejection is told");
        var command = await api.GetAsync("/api/v1/commands/bad-compose");
        Assert.Equal("Rejected", command.Text("state"));
        Assert.Contains("imagee", command.GetProperty("errors").GetRawText(), StringComparison.Ordinal);

        // The duplicate is told the same again: the history, which keeps each event once, has no second.
        var stored = (await api.Store<ICommandStore>().FindAsync("bad-compose", CancellationToken.None))!.Answer!;
        Assert.Equal(stored.EventId, events[0].Text("eventId"));
        await api.Bus.Publish(bad);
        await api.Bus.Publish(ApiHost.Event("marker", "bad"));
        await Until.IsAsync(() => api.GetAsync("/api/v1/events?app=bad&type=app-removed"), seen => seen.GetArrayLength() == 1, "the marker is kept");
        Assert.Equal(1, (await api.GetAsync("/api/v1/events?commandId=bad-compose")).GetArrayLength());
    }
}

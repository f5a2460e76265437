using System.Collections.Concurrent;
using System.Text;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Messaging;

namespace Orchestrator.Contracts.Tests.Bus;

/// <summary>What the bus promises to those who write plain JSON to it, in memory; the broker's side is tested with a real broker.</summary>
public sealed class BusTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly Inbox _inbox = new();
    private IHost _host = null!;

    private IBus Bus => _host.Services.GetRequiredService<IBus>();

    public async ValueTask InitializeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(_inbox);
        builder.Services.AddLogging();
        builder.Services.AddOrchestratorBus(new BusOptions(), new BusService(
            bus =>
            {
                bus.AddConsumer<Inbox.Commands>();
                bus.AddConsumer<Inbox.Events>();
                bus.AddConsumer<Inbox.Signals>();
            },
            (bus, context) =>
            {
                bus.ReceiveEndpoint("test.deploy-app", endpoint =>
                {
                    endpoint.TakeFromOutsiders(context);
                    endpoint.ConfigureConsumer<Inbox.Commands>(context);
                });
                bus.ReceiveEndpoint("test.events", endpoint => endpoint.ConfigureConsumer<Inbox.Events>(context));
                bus.ReceiveEndpoint("test.signals", endpoint => endpoint.ConfigureConsumer<Inbox.Signals>(context));
            }));
        _host = builder.Build();
        await _host.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    [Fact]
    public async Task AnEvent_ReachesWhoeverListensToAll_WithPlainJson()
    {
        await Bus.Publish((AppRemoved)Messages.Sample(typeof(AppRemoved)));
        var body = await _inbox.Events_.TakeAsync(Deadline);
        Assert.Contains("\"type\":\"app-removed\"", body, StringComparison.Ordinal);
        Assert.DoesNotContain("messageType", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APlainBody_WithoutTypeHeader_IsTakenByACommandQueue()
    {
        await SendRawAsync("test.deploy-app", """{"commandId":"c1","app":"shop","spec":{"services":[{"name":"web","container":{"image":"web:1"}}]}}""");
        Assert.Equal("c1 shop web web:1", await _inbox.Commands_.TakeAsync(Deadline));
    }

    [Theory]
    [InlineData("""{"commandId":"c2","spec":{"services":"none"}}""")]
    [InlineData("""{"commandId":"c2","spec":{"services":[{"name":"web","container":null}]}}""")]
    [InlineData("""{"commandId":"c2","spec":{"services":[{"name":"web","mode":"Sometimes"}]}}""")]
    public async Task AnUnreadableBody_IsAnsweredWithARejection(string body)
    {
        await SendRawAsync("test.deploy-app", body);
        var answer = await _inbox.Events_.TakeAsync(Deadline);
        Assert.Contains("\"type\":\"command-rejected\"", answer, StringComparison.Ordinal);
        Assert.Contains("\"commandId\":\"c2\"", answer, StringComparison.Ordinal);
        Assert.Contains("cannot be read", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNotJson_IsAnsweredWithARejection()
    {
        await SendRawAsync("test.deploy-app", "not json");
        Assert.Contains("cannot be read", await _inbox.Events_.TakeAsync(Deadline), StringComparison.Ordinal);
    }

    [Fact]
    public async Task APlainBody_WithoutTypeHeader_IsRefusedByEveryOtherQueue()
    {
        await SendRawAsync("test.signals", """{"serviceId":"forged"}""");
        await Bus.Publish(new ServiceChanged { ServiceId = "true" });
        Assert.Equal("true", await _inbox.Signals_.TakeAsync(Deadline));
        Assert.Empty(_inbox.Signals_);
    }

    private async Task SendRawAsync(string queue, string json)
    {
        var endpoint = await Bus.GetSendEndpoint(new Uri("exchange:" + queue));
        await endpoint.Send(new Carrier(), Pipe.Execute<SendContext<Carrier>>(context => context.Serializer = new RawText(json)));
    }
}

using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Testing;

namespace Orchestrator.State.Tests.Mongo;

public sealed class MongoOutageTests : IAsyncDisposable
{
    private readonly Testing.Mongo? _mongo = Testing.Mongo.TryCreate();
    private static CancellationToken None => CancellationToken.None;

    public async ValueTask DisposeAsync()
    {
        if (_mongo is not null)
        {
            await _mongo.DisposeAsync();
        }
    }

    [Fact]
    public async Task WhileTheServerIsAway_EveryCallSaysSo_AndThenItWorksAgain()
    {
        Assert.SkipWhen(_mongo is null, Testing.Mongo.Missing);
        using var proxy = new TcpProxy(_mongo.Host, _mongo.Port);
        await using var services = new ServiceCollection().AddLogging().AddMongoState(_mongo.Through("127.0.0.1", proxy.Port)).BuildServiceProvider();
        await services.GetRequiredService<IStorePreparation>().PrepareAsync(None);
        var tasks = services.GetRequiredService<ITaskStore>();
        await tasks.InsertManyAsync([Documents.Task("kept")], None);

        proxy.Cut();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => tasks.FindAsync("kept", None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => tasks.InsertManyAsync([Documents.Task("lost")], None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => tasks.ReplaceManyAsync([Documents.Task("kept") with { Version = 1 }], None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => services.GetRequiredService<INodeStore>().TryInsertAsync(Documents.Node("lost"), None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => services.GetRequiredService<ICommandStore>().AddAsync(Documents.Command("lost"), None));
        var told = await Assert.ThrowsAsync<StoreUnavailableException>(() => services.GetRequiredService<IStorePreparation>().PrepareAsync(None));
        Assert.DoesNotContain('\n', told.Message);

        proxy.Heal();
        Assert.NotNull(await Until.IsAsync(() => TryFindAsync(tasks, "kept"), task => task is not null, "the task is read again"));
        Assert.Empty(await tasks.ReplaceManyAsync([Documents.Task("kept") with { Version = 1 }], None));
        Assert.Null(await tasks.FindAsync("lost", None));
    }

    [Fact]
    public async Task CutInTheMiddleOfWrites_WhatWasAnsweredIsThere()
    {
        Assert.SkipWhen(_mongo is null, Testing.Mongo.Missing);
        using var proxy = new TcpProxy(_mongo.Host, _mongo.Port);
        await using var services = new ServiceCollection().AddLogging().AddMongoState(_mongo.Through("127.0.0.1", proxy.Port)).BuildServiceProvider();
        await services.GetRequiredService<IStorePreparation>().PrepareAsync(None);
        var apps = services.GetRequiredService<IAppStore>();
        var answered = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            var writes = Enumerable.Range(0, 8).Select(n => $"a{i}x{n}").Select(async id => await TryInsertAsync(apps, id) ? id : null).ToList();
            if (i % 20 == 10)
            {
                proxy.Cut();
                proxy.Heal();
            }

            answered.AddRange((await Task.WhenAll(writes)).OfType<string>());
        }

        Assert.Superset(answered.ToHashSet(), (await apps.ListAsync(None)).Select(app => app.Id).ToHashSet());
        Assert.NotEmpty(answered);
    }

    private static async Task<TaskDocument?> TryFindAsync(ITaskStore tasks, string id)
    {
        try
        {
            return await tasks.FindAsync(id, None);
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    private static async Task<bool> TryInsertAsync(IAppStore apps, string id)
    {
        try
        {
            return await apps.TryInsertAsync(Documents.App(id), None);
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }
}

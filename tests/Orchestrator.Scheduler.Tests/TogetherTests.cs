using System.Collections.Concurrent;

namespace Orchestrator.Scheduler.Tests;

public sealed class TogetherTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task WhatIsAskedForMeanwhile_IsDoneTogether()
    {
        var (begun, gate, groups) = (new TaskCompletionSource(), new TaskCompletionSource(), new ConcurrentQueue<int>());
        var together = new Together<int, int>(async (items, _) =>
        {
            groups.Enqueue(items.Count);
            begun.TrySetResult();
            await gate.Task;
            return [.. items.Select(item => item * 10)];
        });
        var first = together.AskAsync(1, None);
        await begun.Task;
        var others = Enumerable.Range(2, 5).Select(item => together.AskAsync(item, None)).ToList();
        gate.SetResult();
        Assert.Equal(10, await first);
        var answers = await Task.WhenAll(others);
        Assert.Equal([20, 30, 40, 50, 60], answers);
        Assert.Equal([1, 5], groups);
    }

    [Fact]
    public async Task WhatFailsTogether_IsTriedOneByOne()
    {
        var (begun, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var together = new Together<int, int>(async (items, _) =>
        {
            begun.TrySetResult();
            await gate.Task;
            return items.Contains(3) ? throw new InvalidOperationException("three") : [.. items];
        });
        var first = together.AskAsync(1, None);
        await begun.Task;
        var (two, three, four) = (together.AskAsync(2, None), together.AskAsync(3, None), together.AskAsync(4, None));
        gate.SetResult();
        var answers = await Task.WhenAll(first, two, four);
        Assert.Equal([1, 2, 4], answers);
        Assert.Equal("three", (await Assert.ThrowsAsync<InvalidOperationException>(() => three)).Message);
    }

    [Fact]
    public async Task OfOneGroup_ThereAreNoMoreThanItMayHave()
    {
        var (begun, gate, groups) = (new TaskCompletionSource(), new TaskCompletionSource(), new ConcurrentQueue<int>());
        var together = new Together<int, int>(
            async (items, _) =>
            {
                groups.Enqueue(items.Count);
                begun.TrySetResult();
                await gate.Task;
                return items;
            },
            limit: 2);
        var first = together.AskAsync(0, None);
        await begun.Task;
        var others = Enumerable.Range(1, 5).Select(item => together.AskAsync(item, None)).ToList();
        gate.SetResult();
        await Task.WhenAll([first, .. others]);
        Assert.Equal([1, 2, 2, 1], groups);
    }
}

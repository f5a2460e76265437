using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Tasks;

namespace Orchestrator.NodeAgent.Posts;

/// <summary>Takes what applications post of themselves. Who posts is known by the address of its container: it can speak of no other.</summary>
internal sealed class PostDesk(TimeProvider time)
{
    /// <summary>A container may post before the engine has said that it runs.</summary>
    private static readonly TimeSpan KnownWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan TooManyDelay = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, TaskEntry> _tasks = new();

    public void Admit(TaskEntry entry)
    {
        if (entry.Container?.Address is { } address)
        {
            _tasks[address] = entry;
        }
    }

    /// <summary>Its container has ended; another may have its address already.</summary>
    public void Dismiss(TaskEntry entry)
    {
        foreach (var (address, _) in _tasks.Where(task => task.Value == entry))
        {
            _tasks.TryRemove(KeyValuePair.Create(address, entry));
        }
    }

    public async Task AnswerAsync(HttpContext context)
    {
        var (status, text) = await TakeAsync(context);
        context.Response.StatusCode = status;
        if (text is null)
        {
            return;
        }

        if (status == StatusCodes.Status429TooManyRequests)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }

    private async Task<(int Status, string? Text)> TakeAsync(HttpContext context)
    {
        if (context.Request.Path != "/health")
        {
            return (StatusCodes.Status404NotFound, "post to /health: the whole address is in the variable ORCHESTRATOR_HEALTH_URL");
        }

        if (!HttpMethods.IsPost(context.Request.Method) && !HttpMethods.IsPut(context.Request.Method))
        {
            return (StatusCodes.Status405MethodNotAllowed, "send it with POST");
        }

        if (await FindAsync(context) is not { } entry)
        {
            return (StatusCodes.Status403Forbidden, "this address is no task's of this node: post from the container itself, not through a proxy");
        }

        if (!entry.Posts.TryUseBudget())
        {
            // Whoever posts in a loop is slowed down, too.
            await Task.Delay(TooManyDelay, time, context.RequestAborted);
            return (StatusCodes.Status429TooManyRequests, string.Create(CultureInfo.InvariantCulture, $"more than {PostBudget.PerSecond} posts in a second; post when something changes, and each few seconds"));
        }

        return await ReadAsync(context.Request) is { } body
            ? Take(entry, body)
            : (StatusCodes.Status413PayloadTooLarge, string.Create(CultureInfo.InvariantCulture, $"the body is longer than {HealthPosts.MaxBody} bytes; write ready, live, load and message alone"));
    }

    private static (int Status, string? Text) Take(TaskEntry entry, ReadOnlyMemory<byte> body)
    {
        var (post, faults) = HealthPosts.Read(body);
        if (faults.Count > 0)
        {
            return (StatusCodes.Status400BadRequest, string.Join("; ", faults));
        }

        // After a start of the agent its instructions may still be on their way.
        if (entry.Spec is { } spec && HealthPosts.Unasked(post, spec.Probes) is { Count: > 0 } unasked)
        {
            return (StatusCodes.Status409Conflict, string.Join("; ", unasked));
        }

        entry.Posts.Put(post);
        return (StatusCodes.Status204NoContent, null);
    }

    private async Task<TaskEntry?> FindAsync(HttpContext context)
    {
        var from = context.Connection.RemoteIpAddress!.ToString();
        var began = time.GetTimestamp();
        TaskEntry? entry;
        while (!_tasks.TryGetValue(from, out entry) && time.GetElapsedTime(began) < KnownWithin)
        {
            await Task.Delay(Step, time, context.RequestAborted);
        }

        return entry;
    }

    /// <returns>Null when it is too long.</returns>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        try
        {
            await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
            return body.ToArray();
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }
}

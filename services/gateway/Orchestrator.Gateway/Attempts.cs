using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Orchestrator.Gateway;

/// <summary>What only reads is asked of another API when the first cannot be reached; what does not reach any is answered with what is wrong.</summary>
internal static class Attempts
{
    public static async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (HasFailed(context) && HttpMethods.IsGet(context.Request.Method) && TurnToAnother(context))
        {
            await next(context);
        }

        if (HasFailed(context))
        {
            await TellAsync(context);
        }
    }

    private static bool HasFailed(HttpContext context) => context.GetForwarderErrorFeature() is not null && !context.Response.HasStarted;

    private static bool TurnToAnother(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        var others = proxy.AllDestinations.Where(instance => instance != proxy.ProxiedDestination).ToList();
        if (proxy.ProxiedDestination is null || others.Count == 0 || context.RequestAborted.IsCancellationRequested)
        {
            return false;
        }

        context.Features.Set<IForwarderErrorFeature>(null);
        context.Response.Clear();
        proxy.AvailableDestinations = others;
        proxy.ProxiedDestination = null;
        return true;
    }

    private static Task TellAsync(HttpContext context)
    {
        var detail = context.GetForwarderErrorFeature()!.Error == ForwarderError.NoAvailableDestinations
            ? "no API runs; start one: docker compose up -d api"
            : "the API that was asked broke off; whether it took the request is not known: look with orch, and try again";
        return context.Response.WriteAsJsonAsync(
            new ProblemDetails { Status = context.Response.StatusCode, Title = "No answer from the API", Detail = detail },
            options: null,
            "application/problem+json",
            context.RequestAborted);
    }
}

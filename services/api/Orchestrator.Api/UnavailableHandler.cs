using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orchestrator.Messaging;
using Orchestrator.State;

namespace Orchestrator.Api;

/// <summary>The store or the broker is away: 503 with when to ask again.</summary>
internal sealed class UnavailableHandler(IProblemDetailsService problems, ILogger<UnavailableHandler> logger) : IExceptionHandler
{
    private const int RetrySeconds = 2;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var detail = exception switch
        {
            StoreFullException => $"{exception.Message}; nothing is half done: ask again when there is room, a write with the same Idempotency-Key",
            StoreUnavailableException => "the store cannot be reached; ask again, a write with the same Idempotency-Key: nothing is done twice",
            BrokerUnavailableException => $"{exception.Message}; ask again when the broker is back",
            _ => null,
        };
        if (detail is null)
        {
            return false;
        }

        Log.RequestRefused(logger, httpContext.Request.Method, httpContext.Request.Path, exception.Message);
        httpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        httpContext.Response.Headers.RetryAfter = RetrySeconds.ToString(CultureInfo.InvariantCulture);
        await problems.WriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails = { Status = StatusCodes.Status503ServiceUnavailable, Title = "Unavailable", Detail = detail },
        });
        return true;
    }
}

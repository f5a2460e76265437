using Microsoft.AspNetCore.Http;

namespace Orchestrator.Api.Tokens;

/// <summary>Everything under /api wants a bearer token.</summary>
internal sealed class RequireToken(TokenKeeper tokens) : IEndpointFilter
{
    private const string Scheme = "Bearer ";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var header = http.Request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && await tokens.IsKnownAsync(header[Scheme.Length..].Trim(), http.RequestAborted))
        {
            return await next(context);
        }

        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Results.Problem(
            header.Length == 0
                ? "there is no token; send 'Authorization: Bearer TOKEN'; it is in the file 'token' of the state folder, or ORCH_TOKEN in the cluster's .env"
                : "the token is not known; the right one is in the file 'token' of the state folder, or ORCH_TOKEN in the cluster's .env",
            statusCode: StatusCodes.Status401Unauthorized,
            title: "Unauthorized");
    }
}

using Microsoft.AspNetCore.Http;

namespace Orchestrator.Api;

/// <summary>Refusals as problem details: what is wrong, where, what to do.</summary>
internal static class Problems
{
    public static IResult NotFound(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status404NotFound, title: "Not found");

    public static IResult Conflict(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status409Conflict, title: "Ambiguous");

    public static IResult Invalid(IReadOnlyList<object> errors, string detail) => Results.Problem(
        detail,
        statusCode: StatusCodes.Status422UnprocessableEntity,
        title: "Invalid",
        extensions: new Dictionary<string, object?> { ["errors"] = errors });
}

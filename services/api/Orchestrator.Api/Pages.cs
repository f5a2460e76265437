using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;

namespace Orchestrator.Api;

/// <summary>Lists by pages: <c>?limit=100</c>; the answer's <c>Link</c> header names the next page, as RFC 8288 has it. Without a limit a list is whole.</summary>
internal static class Pages
{
    private const int MaxLimit = 1_000;

    /// <returns>How many to read: one more than the page has, to see whether there is another.</returns>
    public static int Read(int? limit) => limit is { } most ? Math.Clamp(most, 1, MaxLimit) + 1 : int.MaxValue;

    /// <summary>Keeps what belongs to the page and names the next.</summary>
    /// <param name="found">As many as were to be read.</param>
    /// <param name="limit">As it was asked for.</param>
    /// <param name="place">Where one stands in the list.</param>
    /// <param name="http">The request.</param>
    public static IReadOnlyList<T> Page<T, TPlace>(this IReadOnlyList<T> found, int? limit, Func<T, TPlace> place, HttpContext http)
    {
        if (found.Count < Read(limit))
        {
            return found;
        }

        var page = found.Take(found.Count - 1).ToList();
        var after = WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(place(page[^1])));
        var query = new QueryBuilder(http.Request.Query.Where(pair => pair.Key != "after").Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()))) { { "after", after } };
        http.Response.Headers.Link = $"<{http.Request.PathBase}{http.Request.Path}{query}>; rel=\"next\"";
        return page;
    }

    /// <param name="after">As the link has it.</param>
    /// <param name="place">Where the page begins; null: at the beginning.</param>
    /// <returns>False when nobody has named such a place.</returns>
    public static bool TryRead<TPlace>(string? after, out TPlace? place)
        where TPlace : class
    {
        place = null;
        if (after is null)
        {
            return true;
        }

        try
        {
            place = JsonSerializer.Deserialize<TPlace>(Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(after)));
            return place is not null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return false;
        }
    }

    public static IResult Unknown() => Results.Problem("after: take it as the Link header of the page before has it", statusCode: StatusCodes.Status400BadRequest, title: "Bad request");
}

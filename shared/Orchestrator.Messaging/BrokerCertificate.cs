using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Orchestrator.Messaging;

/// <summary>Accepts a broker whose certificate one authority signed, and no other.</summary>
internal static class BrokerCertificate
{
    /// <exception cref="FormatException">The file holds no certificate.</exception>
    public static RemoteCertificateValidationCallback SignedBy(string caFile)
    {
        try
        {
            var authority = X509CertificateLoader.LoadCertificateFromFile(caFile);
            return (_, certificate, _, errors) => IsGood(certificate, errors, authority);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException)
        {
            throw new FormatException($"{caFile}: no certificate can be read from it ({exception.Message}); give the file ca.pem that infra/certs.sh made");
        }
    }

    /// <summary>For who knows the authority by its SHA-256 only: the broker sends the authority's certificate along.</summary>
    /// <param name="sha256">Lower-case hex.</param>
    /// <param name="found">Gets the authority's certificate.</param>
    public static RemoteCertificateValidationCallback SignedByPinned(string sha256, Action<X509Certificate2> found) => (_, certificate, chain, errors) =>
    {
        var sent = chain?.ChainPolicy.ExtraStore.FirstOrDefault(item => Hash(item) == sha256)
            ?? chain?.ChainElements.Select(element => element.Certificate).FirstOrDefault(item => Hash(item) == sha256);
        if (sent is null || !IsGood(certificate, errors, sent))
        {
            return false;
        }

        found(X509CertificateLoader.LoadCertificate(sent.RawData));
        return true;
    };

    public static string Hash(X509Certificate2 certificate) => Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));

    private static bool IsGood(X509Certificate? certificate, SslPolicyErrors errors, X509Certificate2 authority)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        using var own = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(own);
    }
}

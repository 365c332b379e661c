namespace NetGen.Samples;

/// <summary>
/// What a variational autoencoder is trained by, for each image: how unlikely its pixels are under what was painted, and how far its point
/// and spread are from the normal distribution, KL = ½ Σ (μ² + σ² − 1) − Σ ln σ. Both are sums over one image, and means over the batch.
/// </summary>
internal static class VariationalLoss
{
    /// <summary>Binary cross-entropy, its gradient for the logits, and the loss.</summary>
    /// <param name="logits">Of the pixels.</param>
    /// <param name="pixels">What they should be, from 0 to 1.</param>
    /// <param name="samples">Images of the batch.</param>
    /// <param name="gradient">Where the gradient goes.</param>
    public static double Picture(ReadOnlySpan<float> logits, ReadOnlySpan<float> pixels, int samples, Span<float> gradient)
    {
        double loss = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            // With e^−|x|, which does not overflow.
            float x = logits[i], small = MathF.Exp(-MathF.Abs(x)), sigmoid = (x >= 0 ? 1 : small) / (1 + small);
            loss += MathF.Max(x, 0) - x * pixels[i] + MathF.Log(1 + small);
            gradient[i] = (sigmoid - pixels[i]) / samples;
        }

        return loss / samples;
    }

    /// <summary>The divergence from the normal distribution, and its gradients.</summary>
    public static double Divergence(ReadOnlySpan<float> mu, ReadOnlySpan<float> sigma, int samples, Span<float> muGradient,
        Span<float> sigmaGradient)
    {
        // Softplus is never negative, but may round to 0.
        const float LeastSigma = 1e-6f;
        double loss = 0;
        for (int i = 0; i < mu.Length; i++)
        {
            float deviation = MathF.Max(sigma[i], LeastSigma);
            loss += 0.5 * (mu[i] * mu[i] + deviation * deviation - 1) - MathF.Log(deviation);
            muGradient[i] = mu[i] / samples;
            sigmaGradient[i] = (deviation - 1 / deviation) / samples;
        }

        return loss / samples;
    }
}

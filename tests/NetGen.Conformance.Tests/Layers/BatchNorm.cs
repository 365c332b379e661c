using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>
/// As torch.nn.BatchNorm2d's documentation has it: the layer whose samples depend on one another. <c>BatchNorm1d</c> over vectors and
/// sequences.
/// </summary>
/// <param name="Momentum">Null for the cumulative average.</param>
internal sealed record BatchNorm(bool IsOneDimensional, double Eps, double? Momentum, bool Affine) : Operation, ILayer
{
    private const double UsualEps = 1e-5, UsualMomentum = 0.1;

    public static IReadOnlyList<string> Kinds => ["bn"];

    public static int Frequency => 5;

    public override string Stem => "batchnorm";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options =>
    [
        FormattableString.Invariant($"eps{Eps:R}"),
        Momentum is double momentum ? FormattableString.Invariant($"momentum{momentum:R}") : "cumulative",
        Affine ? "" : "plain",
    ];

    public override bool HasBatchStatistics => true;

    public static Layer Read(Word word, Shape input) => new BatchNorm(!input.IsImage, word.Real("eps") ?? UsualEps,
        word.Has("cumulative") ? null : word.Real("momentum") ?? UsualMomentum, !word.Has("plain"));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        if (attribute.WritesInput)
            attribute.Argument(inputs[0].Channels);
        attribute.Property("Eps", Eps, UsualEps);
        if (Momentum is double momentum)
            attribute.Property("Momentum", momentum, UsualMomentum);
        else
            attribute.Property("CumulativeAverage", "true");
        attribute.Property("Affine", Affine, true);
        return IsOneDimensional ? "BatchNorm1d" : "BatchNorm2d";
    }

    public override IReadOnlyList<Shape> Infer(IReadOnlyList<Shape> inputs) => [inputs[0]];

    public override IEnumerable<ParameterInfo> Tensors(IReadOnlyList<Shape> inputs)
    {
        int channels = inputs[0].Channels;
        if (Affine)
        {
            yield return ParameterInfo.Weight(1, channels);
            yield return ParameterInfo.Bias(1, channels);
        }
        yield return new ParameterInfo("running_mean", [channels], 1, false) { IsLearned = false };
        yield return new ParameterInfo("running_var", [channels], 1, false) { IsLearned = false };
        yield return new ParameterInfo("num_batches_tracked", [], 1, false) { IsLearned = false };
    }

    /// <summary>Two where the statistics see one value of a channel in each sample.</summary>
    public override int MinimumBatch(IReadOnlyList<Shape> inputs) => inputs[0].Plane == 1 ? 2 : 1;

    public override Estimate[][] Forward(LayerRun run)
    {
        Estimate[] x = run.Inputs[0], y = [.. x.Select(sample => new Estimate(sample.Length))];
        double[] runningMean = run.Tensor("running_mean"), runningVariance = run.Tensor("running_var");
        Estimate movedMean = Estimate.Exact(runningMean), movedVariance = Estimate.Exact(runningVariance);
        // Where layers share them, each goes on from where the one before left them.
        double[] lastMean = run.Buffer("running_mean"), lastVariance = run.Buffer("running_var");
        double[]? meanErrors = run.BufferErrors("running_mean"), varianceErrors = run.BufferErrors("running_var");
        double batches = run.Buffer("num_batches_tracked")[0] + 1, momentum = Momentum ?? 1 / batches;
        for (int c = 0; c < run.Input.Channels; c++)
        {
            Statistics s = run.IsTraining ? Measure(x, c, run.Input.Plane) : Known(runningMean[c], runningVariance[c]);
            Normalize(run, c, s, x, y);
            if (!run.IsTraining)
                continue;
            long count = (long)x.Length * run.Input.Plane;
            double unbiased = count > 1 ? (double)count / (count - 1) : double.NaN;
            movedMean.Values[c] = (1 - momentum) * lastMean[c] + momentum * s.Mean;
            movedMean.Errors[c] = momentum * s.MeanError + Estimate.Unit * Math.Abs(movedMean.Values[c])
                + (1 - momentum) * (meanErrors?[c] ?? 0);
            movedVariance.Values[c] = (1 - momentum) * lastVariance[c] + momentum * s.Variance * unbiased;
            movedVariance.Errors[c] = momentum * s.VarianceError * unbiased + Estimate.Unit * movedVariance.Values[c]
                + (1 - momentum) * (varianceErrors?[c] ?? 0);
        }
        if (run.IsTraining)
        {
            run.SetBuffer("running_mean", movedMean);
            run.SetBuffer("running_var", movedVariance);
            run.SetBuffer("num_batches_tracked", Estimate.Exact([batches]));
        }
        return [y];
    }

    public override Estimate[]?[] Backward(LayerRun run, Estimate[]?[] gradients)
    {
        Estimate[] x = run.Inputs[0], dy = gradients[0]!, dx = [.. x.Select(sample => new Estimate(sample.Length))];
        for (int c = 0; c < run.Input.Channels; c++)
        {
            if (run.IsTraining)
                ChannelBackward(run, c, x, dy, dx);
            else
                ScaleBackward(run, c, dy, dx);
        }
        return [dx];
    }

    /// <summary>By fixed statistics the layer is a scale and a shift; its gradients of weights are nobody's.</summary>
    private void ScaleBackward(LayerRun run, int channel, Estimate[] dy, Estimate[] dx)
    {
        int pixels = run.Input.Plane;
        Statistics s = Known(run.Tensor("running_mean")[channel], run.Tensor("running_var")[channel]);
        double scale = s.Reciprocal * Factors(run, channel).Weight;
        for (int n = 0; n < dy.Length; n++)
        for (int i = channel * pixels; i < (channel + 1) * pixels; i++)
        {
            dx[n].Values[i] = scale * dy[n].Values[i];
            dx[n].Errors[i] = Math.Abs(scale) * dy[n].Errors[i] + 3 * Estimate.Unit * Math.Abs(dx[n].Values[i]);
        }
    }

    private void Normalize(LayerRun run, int channel, Statistics s, Estimate[] x, Estimate[] y)
    {
        int pixels = run.Input.Plane;
        (double weight, double bias) = Factors(run, channel);
        double scale = s.Reciprocal * weight;
        for (int n = 0; n < x.Length; n++)
        for (int i = channel * pixels; i < (channel + 1) * pixels; i++)
        {
            double centred = x[n].Values[i] - s.Mean;
            y[n].Values[i] = centred * scale + bias;
            y[n].Errors[i] = Math.Abs(scale) * (x[n].Errors[i] + s.MeanError) + Math.Abs(centred * weight) * s.ReciprocalError
                // In inference scale and shift are rounded apart: x · scale and the shift may be large and cancel.
                + Estimate.Unit * (Math.Abs(x[n].Values[i] * scale) + Math.Abs(s.Mean * scale) + Math.Abs(bias) + Math.Abs(y[n].Values[i]));
        }
    }

    private void ChannelBackward(LayerRun run, int channel, Estimate[] x, Estimate[] dy, Estimate[] dx)
    {
        int pixels = run.Input.Plane;
        Statistics s = Measure(x, channel, pixels);
        (double weight, _) = Factors(run, channel);
        double scale = s.Reciprocal * weight, count = (double)x.Length * pixels;
        Accumulator? dWeight = run.GradientOrNull("weight"), dBias = run.GradientOrNull("bias");
        var sums = new Accumulator(2, correlated: true);
        for (int n = 0; n < x.Length; n++)
        for (int i = channel * pixels; i < (channel + 1) * pixels; i++)
        {
            (double normal, double error) = Normal(n, i);
            sums.Add(0, dy[n].Values[i], dy[n].Errors[i], 1, 0);
            sums.Add(1, dy[n].Values[i], dy[n].Errors[i], normal, error);
            dBias?.Add(channel, dy[n].Values[i], dy[n].Errors[i], 1, 0);
            dWeight?.Add(channel, dy[n].Values[i], dy[n].Errors[i], normal, error);
        }
        Estimate means = sums.ToEstimate(1 / count);
        double mean = means.Values[0], slope = means.Values[1];
        for (int n = 0; n < x.Length; n++)
        for (int i = channel * pixels; i < (channel + 1) * pixels; i++)
        {
            (double normal, double error) = Normal(n, i);
            dx[n].Values[i] = scale * (dy[n].Values[i] - mean - normal * slope);
            double propagated = dy[n].Errors[i] + means.Errors[0] + Math.Abs(normal) * means.Errors[1] + Math.Abs(slope) * error;
            dx[n].Errors[i] = Math.Abs(scale) * propagated
                + Math.Abs(weight) * s.ReciprocalError * Math.Abs(dx[n].Values[i] / (scale == 0 ? 1 : scale))
                + 2 * Estimate.Unit * Math.Abs(scale) * (Math.Abs(dy[n].Values[i]) + Math.Abs(mean) + Math.Abs(normal * slope));
        }

        (double Value, double Error) Normal(int n, int i)
        {
            double centred = x[n].Values[i] - s.Mean, own = x[n].Errors[i] + s.MeanError + Estimate.Unit * Math.Abs(centred);
            return (centred * s.Reciprocal, s.Reciprocal * own + Math.Abs(centred) * s.ReciprocalError);
        }
    }

    private (double Weight, double Bias) Factors(LayerRun run, int channel) =>
        Affine ? (run.Tensor("weight")[channel], run.Tensor("bias")[channel]) : (1, 0);

    private Statistics Known(double mean, double variance)
    {
        double reciprocal = 1 / Math.Sqrt(variance + Eps);
        return new Statistics(mean, 0, variance, 0, reciprocal, Estimate.Unit * reciprocal);
    }

    /// <summary>Mean and biased variance over samples and pixels; errors of a channel have a common cause and add up.</summary>
    private Statistics Measure(Estimate[] x, int channel, int pixels)
    {
        double count = (double)x.Length * pixels, sum = 0, errors = 0;
        for (int n = 0; n < x.Length; n++)
        for (int i = channel * pixels; i < (channel + 1) * pixels; i++)
        {
            sum += x[n].Values[i];
            errors += x[n].Errors[i];
        }
        double mean = sum / count, squares = 0, products = 0, deviations = 0;
        for (int n = 0; n < x.Length; n++)
        for (int i = channel * pixels; i < (channel + 1) * pixels; i++)
        {
            double centred = x[n].Values[i] - mean;
            squares += centred * centred;
            deviations += Math.Abs(centred);
            products += Math.Abs(centred) * x[n].Errors[i];
        }
        double variance = squares / count, reciprocal = 1 / Math.Sqrt(variance + Eps);
        double meanError = errors / count + Estimate.Unit * (Math.Abs(mean) + deviations / count);
        double varianceError = 2 * products / count + Estimate.Rounding(count, 2 * variance);
        return new Statistics(mean, meanError, variance, varianceError, reciprocal,
            0.5 * reciprocal * reciprocal * reciprocal * varianceError + Estimate.Unit * reciprocal);
    }

    public static Gen<string>? Draw(Place place) => Drawn;

    /// <summary>The words that random networks draw.</summary>
    public static Gen<string> Drawn => Gen.Elements("bn", "bn", "bn:plain", "bn:eps0.01,momentum0.5", "bn:cumulative");

    /// <summary>One channel's, with their errors: mean and 1 / √(variance + eps).</summary>
    private readonly record struct Statistics(
        double Mean, double MeanError, double Variance, double VarianceError, double Reciprocal, double ReciprocalError);
}

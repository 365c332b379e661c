using NetGen.Conformance.Tests.Model;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Conformance.Tests.Reference;

// BatchNorm as torch.nn.BatchNorm2d's documentation has it: the one layer whose samples depend on one another.
internal sealed partial class ReferenceInterpreter
{
    /// <summary>What the last forward pass of training leaves in the buffers, by name.</summary>
    private readonly Dictionary<string, Estimate> _buffers = [];

    /// <summary>One channel's statistics, with their errors: mean and 1 / √(variance + eps).</summary>
    private readonly record struct ChannelStatistics(double Mean, double MeanError, double Variance, double VarianceError, double Reciprocal, double ReciprocalError);

    private Estimate[] Normalize(InferredLayer layer, BatchNormSpec b, Estimate[] x, bool training)
    {
        int channels = layer.Input.Dimensions[0], pixels = layer.Input.Size / channels;
        double[] runningMean = _parameters[layer.Path + ".running_mean"], runningVariance = _parameters[layer.Path + ".running_var"];
        var y = x.Select(sample => new Estimate(sample.Length)).ToArray();
        Estimate movedMean = Estimate.Exact(runningMean), movedVariance = Estimate.Exact(runningVariance);
        double batches = _parameters[layer.Path + ".num_batches_tracked"][0] + 1, momentum = b.Momentum ?? 1 / batches;
        for (int c = 0; c < channels; c++)
        {
            ChannelStatistics s = training ? Measure(x, c, pixels, b.Eps) : Known(runningMean[c], runningVariance[c], b.Eps);
            (double weight, double bias) = Affine(layer, b, c);
            double scale = s.Reciprocal * weight;
            for (int n = 0; n < x.Length; n++)
            for (int i = c * pixels; i < (c + 1) * pixels; i++)
            {
                double centred = x[n].Values[i] - s.Mean;
                y[n].Values[i] = centred * scale + bias;
                y[n].Errors[i] = Math.Abs(scale) * (x[n].Errors[i] + s.MeanError) + Math.Abs(centred * weight) * s.ReciprocalError
                    // In inference scale and shift are rounded apart: x · scale and the shift may be large and cancel.
                    + Estimate.Unit * (Math.Abs(x[n].Values[i] * scale) + Math.Abs(s.Mean * scale) + Math.Abs(bias) + Math.Abs(y[n].Values[i]));
            }
            if (!training)
                continue;
            long count = (long)x.Length * pixels;
            double unbiased = count > 1 ? (double)count / (count - 1) : double.NaN;
            movedMean.Values[c] = (1 - momentum) * runningMean[c] + momentum * s.Mean;
            movedMean.Errors[c] = momentum * s.MeanError + Estimate.Unit * Math.Abs(movedMean.Values[c]);
            movedVariance.Values[c] = (1 - momentum) * runningVariance[c] + momentum * s.Variance * unbiased;
            movedVariance.Errors[c] = momentum * s.VarianceError * unbiased + Estimate.Unit * movedVariance.Values[c];
        }
        if (training)
        {
            _buffers[layer.Path + ".running_mean"] = movedMean;
            _buffers[layer.Path + ".running_var"] = movedVariance;
            _buffers[layer.Path + ".num_batches_tracked"] = Estimate.Exact([batches]);
        }
        return y;
    }

    private Estimate[] NormalizeBackward(InferredLayer layer, BatchNormSpec b, Estimate[] x, Estimate[] dy, Dictionary<string, Accumulator> gradients)
    {
        int channels = layer.Input.Dimensions[0], pixels = layer.Input.Size / channels;
        var dx = x.Select(sample => new Estimate(sample.Length)).ToArray();
        for (int c = 0; c < channels; c++)
        {
            ChannelStatistics s = Measure(x, c, pixels, b.Eps);
            (double weight, _) = Affine(layer, b, c);
            double scale = s.Reciprocal * weight, count = (double)x.Length * pixels;
            var sums = new Accumulator(2, correlated: true);
            for (int n = 0; n < x.Length; n++)
            for (int i = c * pixels; i < (c + 1) * pixels; i++)
            {
                (double normal, double error) = Normal(n, i);
                sums.Add(0, dy[n].Values[i], dy[n].Errors[i], 1, 0);
                sums.Add(1, dy[n].Values[i], dy[n].Errors[i], normal, error);
                if (b.Affine)
                {
                    gradients[layer.Path + ".bias"].Add(c, dy[n].Values[i], dy[n].Errors[i], 1, 0);
                    gradients[layer.Path + ".weight"].Add(c, dy[n].Values[i], dy[n].Errors[i], normal, error);
                }
            }
            Estimate means = sums.ToEstimate(1 / count);
            double mean = means.Values[0], slope = means.Values[1];
            for (int n = 0; n < x.Length; n++)
            for (int i = c * pixels; i < (c + 1) * pixels; i++)
            {
                (double normal, double error) = Normal(n, i);
                dx[n].Values[i] = scale * (dy[n].Values[i] - mean - normal * slope);
                dx[n].Errors[i] = Math.Abs(scale) * (dy[n].Errors[i] + means.Errors[0] + Math.Abs(normal) * means.Errors[1] + Math.Abs(slope) * error)
                    + Math.Abs(weight) * s.ReciprocalError * Math.Abs(dx[n].Values[i] / (scale == 0 ? 1 : scale))
                    + 2 * Estimate.Unit * Math.Abs(scale) * (Math.Abs(dy[n].Values[i]) + Math.Abs(mean) + Math.Abs(normal * slope));
            }

            (double Value, double Error) Normal(int n, int i)
            {
                double centred = x[n].Values[i] - s.Mean;
                return (centred * s.Reciprocal, s.Reciprocal * (x[n].Errors[i] + s.MeanError + Estimate.Unit * Math.Abs(centred)) + Math.Abs(centred) * s.ReciprocalError);
            }
        }
        return dx;
    }

    private (double Weight, double Bias) Affine(InferredLayer layer, BatchNormSpec b, int channel)
        => b.Affine ? (_parameters[layer.Path + ".weight"][channel], _parameters[layer.Path + ".bias"][channel]) : (1, 0);

    private static ChannelStatistics Known(double mean, double variance, double eps)
    {
        double reciprocal = 1 / Math.Sqrt(variance + eps);
        return new ChannelStatistics(mean, 0, variance, 0, reciprocal, Estimate.Unit * reciprocal);
    }

    /// <summary>Mean and biased variance over samples and pixels; errors of a channel have a common cause and add up.</summary>
    private static ChannelStatistics Measure(Estimate[] x, int channel, int pixels, double eps)
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
        double variance = squares / count, reciprocal = 1 / Math.Sqrt(variance + eps);
        double meanError = errors / count + Estimate.Unit * (Math.Abs(mean) + deviations / count);
        double varianceError = 2 * products / count + Estimate.Rounding(count, 2 * variance);
        return new ChannelStatistics(mean, meanError, variance, varianceError, reciprocal,
            0.5 * reciprocal * reciprocal * reciprocal * varianceError + Estimate.Unit * reciprocal);
    }
}

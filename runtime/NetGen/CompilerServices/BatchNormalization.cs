using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace NetGen.CompilerServices;

/// <summary>The arithmetic of batch normalisation that runs once for each channel, called by generated code.</summary>
/// <remarks>
/// A layer keeps six runs of <c>stride</c> floats: mean, 1 / √(variance + eps), scale and shift of the forward pass
/// (y = scale · x + shift), and of the backward pass dx = scale · dy + slope · (x − mean) + offset.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class BatchNormalization
{
    /// <summary>Statistics of one channel, from sums over the batch; moves the running statistics.</summary>
    /// <param name="statistics">The layer's runs, at this channel.</param>
    /// <param name="stride">Floats of one run.</param>
    /// <param name="pivot">A value near the mean, which the sums are taken about, so that little cancels.</param>
    /// <param name="sum">Σ (x − pivot).</param>
    /// <param name="squares">Σ (x − pivot)².</param>
    /// <param name="count">Values in the sums.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <param name="weight">This channel's weight; null where the layer has none.</param>
    /// <param name="bias">This channel's bias; null where the layer has none.</param>
    /// <param name="runningMean">This channel's running mean.</param>
    /// <param name="runningVariance">This channel's running variance, of the unbiased kind.</param>
    /// <param name="momentum">Share of the batch in the running statistics; NaN for the mean over all batches.</param>
    /// <param name="batches">Number of batches so far, this one included.</param>
    /// <param name="laterUses">Those of them that layers behind this one, which share the statistics, have still to see.</param>
    public static void Finish(float* statistics, int stride, double pivot, double sum, double squares, long count, double eps,
        float* weight, float* bias, float* runningMean, float* runningVariance, double momentum, long* batches, int laterUses = 0)
    {
        double mean = sum / count;
        double variance = Math.Max(0, squares / count - mean * mean);
        // Math.Max gives NaN if either is: a NaN in the batch stays visible.
        mean += pivot;
        double reciprocal = 1 / Math.Sqrt(variance + eps);
        double scale = reciprocal * (weight == null ? 1 : *weight);
        statistics[0] = (float)mean;
        statistics[stride] = (float)reciprocal;
        statistics[2 * stride] = (float)scale;
        statistics[3 * stride] = (float)((bias == null ? 0 : *bias) - mean * scale);

        double share = double.IsNaN(momentum) ? 1.0 / (*batches - laterUses) : momentum;
        *runningMean = (float)((1 - share) * *runningMean + share * mean);
        *runningVariance = (float)((1 - share) * *runningVariance + share * variance * count / (count - 1));
    }

    /// <summary>Counts a batch that a layer has seen; a count that can go no further stays.</summary>
    /// <param name="batches">The place of the count among the parameters: a 64-bit integer where two floats would be.</param>
    public static void CountBatch(float* batches)
    {
        var count = (long*)batches;
        if (*count < long.MaxValue)
            ++*count;
    }

    /// <summary>Gradients of one channel's weight and bias, and the coefficients of its input gradient.</summary>
    /// <param name="statistics">The layer's runs, at this channel.</param>
    /// <param name="stride">Floats of one run.</param>
    /// <param name="sum">Σ dy.</param>
    /// <param name="products">Σ dy · (x − mean).</param>
    /// <param name="count">Values in the sums.</param>
    /// <param name="weightGradient">Receives Σ dy · (x − mean) / √(variance + eps); null where the layer has no weight.</param>
    /// <param name="biasGradient">Receives Σ dy; null where the layer has no bias.</param>
    public static void FinishGradient(float* statistics, int stride, double sum, double products, long count, float* weightGradient,
        float* biasGradient)
    {
        double reciprocal = statistics[stride], scale = statistics[2 * stride];
        if (weightGradient != null)
            *weightGradient = (float)(products * reciprocal);
        if (biasGradient != null)
            *biasGradient = (float)sum;
        statistics[4 * stride] = (float)(-scale * reciprocal * reciprocal * products / count);
        statistics[5 * stride] = (float)(-scale * sum / count);
    }

    /// <summary>Scale and shift of inference, from the running statistics.</summary>
    /// <param name="runningMean">[channels].</param>
    /// <param name="runningVariance">[channels].</param>
    /// <param name="weight">[channels]; null where the layer has none.</param>
    /// <param name="bias">[channels]; null where the layer has none.</param>
    /// <param name="scale">Receives scale, then shift, <paramref name="stride"/> floats each; zero beyond the last channel.</param>
    /// <param name="stride">Floats of a run, a multiple of 16.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="eps">Added to the variance.</param>
    public static void Prepare(float* runningMean, float* runningVariance, float* weight, float* bias, float* scale, int stride,
        int channels, double eps)
    {
        for (int c = 0; c < channels; c++)
        {
            double factor = (weight == null ? 1 : weight[c]) / Math.Sqrt(runningVariance[c] + eps);
            scale[c] = (float)factor;
            scale[stride + c] = (float)((bias == null ? 0 : bias[c]) - runningMean[c] * factor);
        }
    }

    /// <summary>A layer's packed weights times the scale of the batch normalisation behind it, and the bias that follows.</summary>
    /// <param name="weights">[out / 16][…][16 out].</param>
    /// <param name="bias">[out]; null where the layer has none.</param>
    /// <param name="scale">Scale, then shift, <paramref name="stride"/> floats each.</param>
    /// <param name="stride">Outputs, up to a multiple of 16.</param>
    /// <param name="blockStride">Floats from one block of 16 outputs to the next.</param>
    /// <param name="foldedWeights">Receives the weights.</param>
    /// <param name="foldedBias">Receives the bias, <paramref name="stride"/> floats.</param>
    /// <param name="worker">Which part of the blocks.</param>
    /// <param name="workers">Number of parts.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fold(float* weights, float* bias, float* scale, int stride, long blockStride, float* foldedWeights,
        float* foldedBias, int worker, int workers)
    {
        int blocks = stride / 16;
        for (int block = blocks * worker / workers; block < blocks * (worker + 1) / workers; block++)
        {
            float* factor = scale + block * 16;
            float* source = weights + block * blockStride, target = foldedWeights + block * blockStride;
            for (long i = 0; i < blockStride; i += 16)
            {
                for (int lane = 0; lane < 16; lane++)
                    target[i + lane] = source[i + lane] * factor[lane];
            }
            FoldBias(bias, scale, stride, foldedBias, block);
        }
    }

    /// <summary>
    /// As <see cref="Fold"/>, for weights whose outputs are not the lanes but the rows: those of a transposed convolution.
    /// </summary>
    /// <param name="weights">[blocks of lanes][out / 16][taps][16 out][16 lanes].</param>
    /// <param name="bias">[out]; null where the layer has none.</param>
    /// <param name="scale">Scale, then shift, <paramref name="stride"/> floats each.</param>
    /// <param name="stride">Outputs, up to a multiple of 16.</param>
    /// <param name="taps">Taps of the window.</param>
    /// <param name="length">Floats of the weights.</param>
    /// <param name="foldedWeights">Receives the weights.</param>
    /// <param name="foldedBias">Receives the bias, <paramref name="stride"/> floats.</param>
    /// <param name="worker">Which part of the outputs.</param>
    /// <param name="workers">Number of parts.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FoldRows(float* weights, float* bias, float* scale, int stride, int taps, long length, float* foldedWeights,
        float* foldedBias, int worker, int workers)
    {
        int blocks = stride / 16;
        long blockLength = taps * 256L;
        for (int block = blocks * worker / workers; block < blocks * (worker + 1) / workers; block++)
        {
            for (long start = block * blockLength; start < length; start += blocks * blockLength)
            {
                for (long i = start; i < start + blockLength; i += 16)
                {
                    float factor = scale[block * 16 + (int)(i / 16 % 16)];
                    for (int lane = 0; lane < 16; lane++)
                        foldedWeights[i + lane] = weights[i + lane] * factor;
                }
            }
            FoldBias(bias, scale, stride, foldedBias, block);
        }
    }

    /// <summary>As <see cref="Fold"/>, in place, for the copies that <see cref="Packing.TransposePhases"/> has made.</summary>
    /// <param name="transposed">The copies.</param>
    /// <param name="bias">[out]; null where the layer has none.</param>
    /// <param name="scale">Scale, then shift, <paramref name="stride"/> floats each.</param>
    /// <param name="stride">Outputs, up to a multiple of 16.</param>
    /// <param name="inputs">Inputs, up to a multiple of 16: those that the copies' squares have in their rows.</param>
    /// <param name="rows">The phases of the rows.</param>
    /// <param name="columns">The phases of the columns.</param>
    /// <param name="foldedBias">Receives the bias, <paramref name="stride"/> floats.</param>
    /// <param name="worker">Which part of the blocks.</param>
    /// <param name="workers">Number of parts.</param>
    public static void FoldPhases(float* transposed, float* bias, float* scale, int stride, int inputs, StridePhases rows,
        StridePhases columns, float* foldedBias, int worker, int workers)
    {
        // The bias also where no phase has taps, because the whole output lies in the padding.
        Fold(transposed, bias, scale, stride, 0, transposed, foldedBias, worker, workers);
        for (int startRow = 0; startRow < rows.Count; startRow++)
        {
            StridePhase row = rows[startRow];
            for (int startColumn = 0; startColumn < columns.Count; startColumn++)
            {
                StridePhase column = columns[startColumn];
                if (row.Taps == 0 || column.Taps == 0)
                    continue;
                float* copy = transposed + Packing.PhaseStart(row, column, columns.Taps) * Packing.TapLength(stride, inputs);
                Fold(copy, bias, scale, stride, (long)row.Taps * column.Taps * inputs * 16, copy, foldedBias, worker, workers);
            }
        }
    }

    private static void FoldBias(float* bias, float* scale, int stride, float* foldedBias, int block)
    {
        for (int c = block * 16; c < block * 16 + 16; c++)
            foldedBias[c] = scale[stride + c] + (bias == null ? 0 : bias[c] * scale[c]);
    }
}

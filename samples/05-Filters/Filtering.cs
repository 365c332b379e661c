namespace NetGen.Samples;

internal static class Filtering
{
    /// <summary>Runs up to <see cref="FilterNet.Kernels"/> kernels over the picture by one layer whose weights they become.</summary>
    /// <returns>For each kernel a picture of the same size, any numbers.</returns>
    public static float[][] Run(ReadOnlySpan<float> picture, IReadOnlyList<Kernel> kernels)
    {
        var net = new FilterNet(seed: 1);
        var weights = new float[FilterNet.Kernels * 9];
        for (int i = 0; i < kernels.Count; i++)
        {
            kernels[i].Weights.CopyTo(weights, 9 * i);
        }

        net.Filters.Weight.CopyFrom(weights);
        var output = new float[FilterNet.OutputSize];
        using var session = net.CreateSession(maxBatch: 1);
        session.Forward(picture, output);
        return [.. output.Chunk(FilterNet.Size * FilterNet.Size).Take(kernels.Count)];
    }

    /// <summary>
    /// Convolution by its definition, Σ kernel[i, j] · picture[y − i, x − j], indices of the kernel counted from its middle.
    /// </summary>
    public static float[] Convolve(ReadOnlySpan<float> picture, Kernel kernel)
    {
        const int Size = FilterNet.Size;
        var result = new float[Size * Size];
        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size; x++)
            {
                double sum = 0;
                for (int i = -1; i <= 1; i++)
                {
                    for (int j = -1; j <= 1; j++)
                    {
                        int row = Math.Clamp(y - i, 0, Size - 1), column = Math.Clamp(x - j, 0, Size - 1);
                        sum += kernel.Weights[3 * (i + 1) + j + 1] * (double)picture[row * Size + column];
                    }
                }

                result[y * Size + x] = (float)sum;
            }
        }

        return result;
    }
}

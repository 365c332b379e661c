namespace NetGen.Training.Tests;

/// <summary>Samples that can be learned: the class is the largest of the first four values.</summary>
internal static class Samples
{
    public const int Size = 8, Classes = 4;

    public static float[] Input(int count, int seed = 1)
    {
        var random = new Random(seed);
        var values = new float[count * Size];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(random.NextDouble() * 2 - 1);
        return values;
    }

    public static int[] Labels(float[] input) =>
        [.. Enumerable.Range(0, input.Length / Size).Select(i => ClassMetric.ArgMax(input.AsSpan(i * Size, Classes)))];

    public static ArrayBatches Shuffled(int count, int batch, ulong seed = 7)
    {
        float[] input = Input(count);
        return new ArrayBatches(input, Labels(input), batch, seed);
    }

    public static ArrayBatches Validation(int count = 100, int batch = 32)
    {
        float[] input = Input(count, seed: 2);
        return new ArrayBatches(input, Labels(input), batch);
    }

    public static ArrayBatches Values(int count, int batch)
    {
        float[] input = Input(count);
        return new ArrayBatches(input, [.. Enumerable.Range(0, 2 * count).Select(i => input[i / 2 * Size + i % 2] * 0.5f)], count, batch);
    }
}

namespace NetGen.Conformance.Tests.Harness;

/// <summary>What the tests have as numbers, for networks with inputs of ints.</summary>
public static class Ints
{
    public static int[] Of(ReadOnlySpan<float> numbers)
    {
        var ints = new int[numbers.Length];
        for (int i = 0; i < ints.Length; i++)
        {
            ints[i] = (int)numbers[i];
            Assert.Equal(numbers[i], ints[i]);
        }
        return ints;
    }
}

using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

/// <summary>Tables of resamplings: weights that add up, neighbours that are there, and a way back that is the transposed map.</summary>
public sealed class ResampleTableTests
{
    public static TheoryData<int, int, bool> Sizes => new()
    {
        { 1, 1, false }, { 1, 5, true }, { 5, 1, true }, { 5, 7, false }, { 5, 7, true }, { 7, 5, false }, { 4, 8, false }, { 9, 9, true },
            { 100, 17, true }, { 17, 100, false },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void The_way_back_is_the_transposed_map(int size, int outputs, bool alignCorners)
    {
        foreach (ResamplePositions positions in
            new[] { ResamplePositions.Nearest(size, outputs, 0), ResamplePositions.Linear(size, outputs, 0, alignCorners) })
        {
            float[,] forward = Matrix(ResampleTable.Of(positions), outputs, size),
                back = Matrix(ResampleTable.BackOf(positions), size, outputs);
            for (int output = 0; output < outputs; output++)
            {
                float sum = 0;
                for (int input = 0; input < size; input++)
                {
                    Assert.Equal(forward[output, input], back[input, output]);
                    sum += forward[output, input];
                }
                Assert.Equal(1, sum, 1e-6f);
            }
        }
    }

    private static float[,] Matrix(ResampleTable table, int results, int operands)
    {
        var matrix = new float[results, operands];
        Assert.Equal(results, table.Firsts.Length);
        Assert.Equal(results + 1, table.Starts.Length);
        for (int result = 0; result < results; result++)
        {
            for (int i = table.Starts[result]; i < table.Starts[result + 1]; i++)
                matrix[result, table.Firsts[result] + i - table.Starts[result]] = table.Weights[i];
        }
        return matrix;
    }
}

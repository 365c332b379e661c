using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>
/// One direction of a resampling as a table: output i is the sum of the weights from <c>Starts[i]</c> to <c>Starts[i + 1]</c> times the
/// inputs from <c>Firsts[i]</c> on. Made once for each kernel class. For generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ResampleTable
{
    private readonly int[] _firsts, _starts;
    private readonly float[] _weights;

    private ResampleTable(int[] firsts, int[] starts, float[] weights)
    {
        _firsts = firsts;
        _starts = starts;
        _weights = weights;
    }

    /// <summary>The first input of each output.</summary>
    public ReadOnlySpan<int> Firsts => _firsts;

    /// <summary>Where the weights of each output start; at the end, where the last one's end.</summary>
    public ReadOnlySpan<int> Starts => _starts;

    /// <summary>The weights of all outputs.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>From inputs to outputs.</summary>
    public static ResampleTable Of(ResamplePositions positions)
    {
        var firsts = new int[positions.Outputs];
        var starts = new int[positions.Outputs + 1];
        var weights = new List<float>(positions.Outputs);
        for (int output = 0; output < positions.Outputs; output++)
        {
            firsts[output] = positions.First(output, out double beyond);
            weights.Add((float)(1 - beyond));
            if (beyond != 0)
                weights.Add((float)beyond);
            starts[output + 1] = weights.Count;
        }
        return new ResampleTable(firsts, starts, [.. weights]);
    }

    /// <summary>
    /// The map back: to each input from all outputs that read it. These follow one another, since positions never decrease; one between
    /// that skips the input, where positions coincide, has the weight 0.
    /// </summary>
    public static ResampleTable BackOf(ResamplePositions positions)
    {
        ResampleTable forward = Of(positions);
        int[] firsts = new int[positions.Size], ends = new int[positions.Size], starts = new int[positions.Size + 1];
        Array.Fill(firsts, -1);
        forward.ForEach((output, input, _) =>
        {
            if (firsts[input] < 0)
                firsts[input] = output;
            ends[input] = output + 1;
        });
        for (int input = 0; input < positions.Size; input++)
        {
            if (firsts[input] < 0)
                firsts[input] = 0;
            starts[input + 1] = starts[input] + Math.Max(0, ends[input] - firsts[input]);
        }
        var weights = new float[starts[^1]];
        forward.ForEach((output, input, weight) => weights[starts[input] + output - firsts[input]] = weight);
        return new ResampleTable(firsts, starts, weights);
    }

    private void ForEach(Action<int, int, float> visit)
    {
        for (int output = 0; output < _firsts.Length; output++)
        {
            for (int i = _starts[output]; i < _starts[output + 1]; i++)
                visit(output, _firsts[output] + i - _starts[output], _weights[i]);
        }
    }
}

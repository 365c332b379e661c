using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>The largest element of windows, with errors where more than one may be it.</summary>
internal static class Maxima
{
    /// <summary>Visits each output element with the input elements under its window.</summary>
    public delegate void ForEachWindow(Action<int, List<int>> visit);

    /// <summary>The first of the largest, and PyTorch's rule that a NaN is the largest of all.</summary>
    public static int Largest(List<int> window, double[] values)
    {
        int best = window[0];
        foreach (int i in window)
        {
            if (values[i] > values[best] || double.IsNaN(values[i]))
                best = i;
        }
        return best;
    }

    /// <summary>Another one may be the largest, within the errors.</summary>
    public static bool IsOpen(Estimate x, int best, int other) =>
        other != best && x.Values[best] - x.Values[other] < Estimate.Tolerance * (x.Errors[best] + x.Errors[other]);

    public static Estimate Forward(ForEachWindow forEachWindow, int outputs, Estimate x)
    {
        var y = new Estimate(outputs);
        forEachWindow((o, window) =>
        {
            int best = Largest(window, x.Values);
            y.Values[o] = x.Values[best];
            y.Errors[o] = x.Errors[best];
            foreach (int i in window)
            {
                if (IsOpen(x, best, i))
                    y.Errors[o] = Math.Max(y.Errors[o], x.Errors[i]);
            }
        });
        return y;
    }

    public static Estimate Backward(ForEachWindow forEachWindow, Estimate x, Estimate dy)
    {
        var dx = new Estimate(x.Length);
        var magnitudes = new double[x.Length];
        forEachWindow((o, window) =>
        {
            int best = Largest(window, x.Values);
            dx.Values[best] += dy.Values[o];
            dx.Errors[best] = Estimate.Hypotenuse(dx.Errors[best], dy.Errors[o]);
            magnitudes[best] += Math.Abs(dy.Values[o]);
            foreach (int i in window)
            {
                if (!IsOpen(x, best, i))
                    continue;
                dx.Errors[i] = Estimate.Hypotenuse(dx.Errors[i], dy.Values[o]);
                dx.Errors[best] = Estimate.Hypotenuse(dx.Errors[best], dy.Values[o]);
            }
        });
        for (int i = 0; i < dx.Length; i++)
            dx.Errors[i] = Estimate.Hypotenuse(dx.Errors[i], Estimate.Unit * magnitudes[i]);
        return dx;
    }
}

namespace NetGen.CompilerServices;

/// <summary>What sessions and trainers say of what runs.</summary>
internal static class ScheduleText
{
    private const string Division = ", which share each sample where there are more of them than samples";

    /// <summary>E.g. <c>512-bit vectors, 2 threads; Fc: output features as lanes</c>.</summary>
    /// <param name="width">The vectors.</param>
    /// <param name="threads">How many threads share the work.</param>
    /// <param name="dividesSamples">Threads share samples.</param>
    /// <param name="lanes">The lanes of each layer.</param>
    public static string Of(VectorWidth width, int threads, bool dividesSamples, string lanes)
    {
        string team = threads == 1 ? "1 thread" : $"{threads} threads{(dividesSamples ? Division : "")}";
        return $"{(int)width}-bit vectors, {team}; {lanes}";
    }
}

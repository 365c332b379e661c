namespace NetGen.Cuda.Simulator.Driver;

/// <summary>
/// What is known to have ended: of each line of work, that is a stream or a captured stream of one launch of a graph, how many of its
/// operations.
/// </summary>
internal sealed class Clock
{
    private readonly Dictionary<int, int> _ended = [];

    public Clock()
    {
    }

    private Clock(Dictionary<int, int> ended) => _ended = new Dictionary<int, int>(ended);

    public Clock Copy() => new(_ended);

    public bool Includes(int line, int index) => _ended.TryGetValue(line, out int ended) && ended >= index;

    public void Set(int line, int index) => _ended[line] = index;

    public void Join(Clock other)
    {
        foreach ((int line, int index) in other._ended)
        {
            if (!Includes(line, index))
                _ended[line] = index;
        }
    }
}

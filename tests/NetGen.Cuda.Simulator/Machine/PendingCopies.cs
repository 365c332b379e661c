namespace NetGen.Cuda.Simulator.Machine;

/// <summary>A warp's asynchronous copies that have not arrived, by lane and group.</summary>
internal sealed class PendingCopies(Warp warp)
{
    private readonly List<List<(int To, byte[] Data)>>[] _groups = [.. Enumerable.Range(0, 32).Select(_ =>
        new List<List<(int, byte[])>> { new() })];

    public void Clear()
    {
        foreach (List<List<(int, byte[])>> groups in _groups)
        {
            groups.Clear();
            groups.Add([]);
        }
    }

    public void Start(int lane, int to, byte[] data) => _groups[lane][^1].Add((to, data));

    /// <summary>Closes a lane's group.</summary>
    public void Commit(int lane) => _groups[lane].Add([]);

    /// <summary>Lets all groups of a lane arrive but the last so many that are closed.</summary>
    /// <param name="alsoOpen">Whether the group that is not closed arrives too.</param>
    public void Wait(int lane, int keep, bool alsoOpen)
    {
        List<List<(int To, byte[] Data)>> groups = _groups[lane];
        while (groups.Count > keep + 1)
        {
            Arrive(lane, groups[0]);
            groups.RemoveAt(0);
        }
        if (alsoOpen)
        {
            Arrive(lane, groups[0]);
            groups[0].Clear();
        }
    }

    private void Arrive(int lane, List<(int To, byte[] Data)> copies)
    {
        foreach ((int to, byte[] data) in copies)
            warp.Block.Arrive(warp, lane, to, data);
    }
}
